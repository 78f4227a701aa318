// Times as forms, files and histories need them. A file of its own, because no first screen needs it.
import type { Fineness } from "../api/types";
import { t } from "../texts";
import { civil, formatDay, formatMoment, ZONE_MS } from "./moment";

/** The civil day, `2026-08-03`. */
export const civilDay = (at: string | number): string => civil(at).toISOString().slice(0, 10);

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

/** The value of an `<input type="datetime-local">` and back. */
export const toLocalInput = (at: string | number): string => civil(at).toISOString().slice(0, 16);
export const fromLocalInput = (value: string): string => new Date(Date.parse(`${value}:00Z`) - ZONE_MS).toISOString();
