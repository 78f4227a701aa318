// Days of a window and whether they are worked. No clock and no network: what is shown can be tested.
import type { Calendar } from "../../api/calendar";

export type WorkDays = Pick<Calendar, "off" | "makeup">;

const DAY_MS = 24 * 3_600_000;
const timeOf = (day: string): number => Date.parse(`${day}T00:00:00Z`);
const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

export const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(timeOf(text));

/** From 1, Monday, to 7, Sunday. */
export const weekdayOf = (day: string): number => new Date(timeOf(day)).getUTCDay() || 7;

/** Whether people work on this day: days off and make-up days of the calendar come before the weekday. */
export const isWorked = (day: string, calendar: WorkDays): boolean =>
  calendar.makeup.includes(day) || (!calendar.off.includes(day) && weekdayOf(day) <= 5);

/** A month is the longest window; a longer one is refused at its field. */
const DAYS_MAX = 31;

/** The days from the first to the last, none where they are no window. */
export function daysOf(from: string, to: string): string[] {
  if (!isDay(from) || !isDay(to)) return [];
  const days: string[] = [];
  for (let at = timeOf(from); at <= timeOf(to) && days.length < DAYS_MAX; at += DAY_MS) days.push(dayOf(at));
  return days;
}

/** The last day of the month of a day. */
export function lastOfMonth(day: string): string {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return dayOf(Date.UTC(year, month, 0));
}

export const nextDay = (day: string, days: number): string => dayOf(timeOf(day) + days * DAY_MS);
