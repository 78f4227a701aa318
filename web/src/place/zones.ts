// Whether a position is in a zone where stalls are permitted, during its hours. The same rule as
// src/domain/permitted_zone.rs, but it ignores the accuracy of the position, because it is only a hint. Pure.
import type { Location, Schemas } from "../api/types";
import { civil } from "../time/moment";

export type Zone = Schemas["PermittedZone"];

const DAY_MS = 86_400_000;
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Hours that began today, or yesterday and last over midnight. */
export function isOpen(zone: Zone, at: number): boolean {
  const [from, to] = [minuteOf(zone.from), minuteOf(zone.to)];
  const length = to > from ? to - from : to + 1440 - from;
  return [0, 1].some((daysAgo) => {
    const day = civil(at - daysAgo * DAY_MS);
    const date = day.toISOString().slice(0, 10);
    const weekday = (day.getUTCDay() + 6) % 7;
    const since = day.getUTCHours() * 60 + day.getUTCMinutes() + daysAgo * 1440 - from;
    const isValid = (zone.valid_from ?? date) <= date && date <= (zone.valid_to ?? date);
    return isValid && ((zone.weekdays >> weekday) & 1) === 1 && since >= 0 && since < length;
  });
}

/** Whether a line from the position to the east crosses the border an odd number of times. */
export function surrounds(zone: Zone, { lat, lon }: Pick<Location, "lat" | "lon">): boolean {
  const { corners } = zone;
  return (
    corners.filter((one, at) => {
      const other = corners[(at + 1) % corners.length] ?? one;
      if (one.lat > lat === other.lat > lat) return false;
      return lon < one.lon + ((lat - one.lat) / (other.lat - one.lat)) * (other.lon - one.lon);
    }).length %
      2 ===
    1
  );
}

/** The zone that permits stalls here and now. */
export const zoneAt = (zones: Zone[], place: Location, at: number): Zone | undefined =>
  zones.find((zone) => isOpen(zone, at) && surrounds(zone, place));

/** `06:00–09:30`. */
export const hoursOf = (zone: Zone): string => `${zone.from.slice(0, 5)}–${zone.to.slice(0, 5)}`;
