// Times as text, in the county's time zone, whatever the device is set to.
import { clockAheadMs } from "../api/request";
import { language, t } from "../texts";

/** China has one civil time, UTC+8, without summer time. */
export const ZONE_MS = 8 * 3_600_000;

const two = (value: number) => String(value).padStart(2, "0");
export const civil = (at: string | number) => new Date((typeof at === "number" ? at : Date.parse(at)) + ZONE_MS);
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The present time by the service's clock. */
export const serverNow = (): number => Date.now() - (clockAheadMs.value ?? 0);

/** `8月3日`, with the year where it is not this one. */
export function formatDay(at: string | number): string {
  const date = civil(at);
  const sameYear = date.getUTCFullYear() === civil(serverNow()).getUTCFullYear();
  if (language.value === "en") {
    const words = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ""}`;
    return sameYear ? words : `${words} ${date.getUTCFullYear()}`;
  }
  const words = t("time.day", { month: date.getUTCMonth() + 1, day: date.getUTCDate() });
  return sameYear ? words : t("time.yearDay", { year: date.getUTCFullYear(), words });
}

export const formatClock = (at: string | number): string =>
  `${two(civil(at).getUTCHours())}:${two(civil(at).getUTCMinutes())}`;

/** `8月3日 15:04`. */
export const formatMoment = (at: string | number): string => `${formatDay(at)} ${formatClock(at)}`;

/** `8月3日 上午`: as precise as others may know the time of a visit. */
export const formatHalfDay = (on: { date: string; half_day: string }): string =>
  `${formatDay(`${on.date}T04:00:00Z`)} ${t(on.half_day === "morning" ? "time.morning" : "time.afternoon")}`;

/** A deadline: midnight is the end of a day, not the start of the next. */
export const formatDeadline = (at: string): string =>
  formatClock(at) === "00:00" ? `${formatDay(Date.parse(at) - 1)} 24:00` : formatMoment(at);
