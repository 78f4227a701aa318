// Time left, as text that needs no arithmetic.
import { t } from "../texts";

export type Urgency = "calm" | "soon" | "late";
export interface Countdown {
  words: string;
  urgency: Urgency;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From here on minutes are counted and the colour warns. Source: app plan §10.5. */
const SOON_MS = 2 * HOUR;

export function countdown(dueAt: string, now: number): Countdown {
  const left = Date.parse(dueAt) - now;
  if (left < 0) return { words: t("time.late", { span: span(-left) }), urgency: "late" };
  return { words: t("time.left", { span: span(left) }), urgency: left < SOON_MS ? "soon" : "calm" };
}

/** The two largest units: `1 天 4 小时`, `1 小时 20 分钟`, `5 分钟`. Rounded down: nobody is promised more than is left. */
export function span(ms: number): string {
  const days = Math.floor(ms / DAY);
  const hours = Math.floor((ms % DAY) / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  if (days > 0) return hours > 0 ? t("time.daysHours", { days, hours }) : t("time.days", { days });
  if (hours > 0) return minutes > 0 ? t("time.hoursMinutes", { hours, minutes }) : t("time.hours", { hours });
  return minutes > 0 ? t("time.minutes", { minutes }) : t("time.underMinute");
}
