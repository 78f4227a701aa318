// Times as text, in the county's time zone, whatever the device is set to.
import { clockAheadMs } from "../api/request";
import type { Fineness } from "../api/types";
import { language, t } from "../texts";

/** China has one civil time, UTC+8, without summer time. */
const ZONE_MS = 8 * 3_600_000;

const two = (value: number) => String(value).padStart(2, "0");
const civil = (at: string | number) => new Date((typeof at === "number" ? at : Date.parse(at)) + ZONE_MS);
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** The present time by the service's clock. */
export const serverNow = (): number => Date.now() - (clockAheadMs.value ?? 0);

/** The civil day, `2026-08-03`. */
export const civilDay = (at: string | number): string => civil(at).toISOString().slice(0, 10);

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

/** An instant that may stand for the half day or the day that begins with it. */
export function formatShownTime(at: string, fineness: Fineness): string {
  switch (fineness) {
    case "day":
      return formatDay(at);
    case "half-day":
      return `${formatDay(at)} ${t(civil(at).getUTCHours() < 12 ? "time.morning" : "time.afternoon")}`;
    case "exact":
    case "never":
      return formatMoment(at);
  }
}

/** A deadline: midnight is the end of a day, not the start of the next. */
export const formatDeadline = (at: string): string =>
  formatClock(at) === "00:00" ? `${formatDay(Date.parse(at) - 1)} 24:00` : formatMoment(at);

/** The value of an `<input type="datetime-local">` and back. */
export const toLocalInput = (at: string | number): string => civil(at).toISOString().slice(0, 16);
export const fromLocalInput = (value: string): string => new Date(Date.parse(`${value}:00Z`) - ZONE_MS).toISOString();
