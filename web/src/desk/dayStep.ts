// A later deadline by whole days.
import { civil } from "../time/moment";

const DAY_MS = 24 * 3_600_000;
/** Most days that the buttons offer where the service names no limit. Source: our choice; the service decides. */
const DAYS_MAX = 90;

/** The least number of days after `due` that is not past. */
export const daysMin = (due: string, now: number): number =>
  Math.max(1, Math.floor((now - Date.parse(due)) / DAY_MS) + 1);

/** The most whole days after `due` that the service takes; none where its limit is shorter than a day. */
export const daysMax = (due: string, longest: string | null): number =>
  longest === null ? DAYS_MAX : Math.max(0, Math.floor((Date.parse(longest) - Date.parse(due)) / DAY_MS));

/** The same hour, so many days later. China has no summer time. */
export const later = (due: string, days: number): string => new Date(Date.parse(due) + days * DAY_MS).toISOString();

/** A deadline counted in working hours has seconds, and a field for a time has none. */
const toMinute = (at: string): number => Math.floor(Date.parse(at) / 60_000) * 60_000;

/** How many days later it is, to the minute; `null` where it is not a whole number of them. */
export function daysBetween(due: string, until: string): number | null {
  const days = (toMinute(until) - toMinute(due)) / DAY_MS;
  return Number.isInteger(days) && days > 0 ? days : null;
}

/** The day of the week, 0 for Sunday; a deadline at midnight is the end of the day before. */
export const weekdayOf = (at: string): number => civil(Date.parse(at) - 1).getUTCDay();
