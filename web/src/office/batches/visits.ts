// What the office reads of a visit. No clock and no network: what is shown can be tested.
import type { ItemResult, OfficeVisit, VisitRow } from "../../api/officeVisits";
import type { Location } from "../../api/types";
import { distanceM } from "../../place/distance";

export const RESULTS: readonly ItemResult[] = ["fails", "mostly", "conforms", "not-applicable"];

/** Failed items first, then what mostly conforms, then the rest, each by its code. */
export const byNeed = (results: OfficeVisit["results"]): OfficeVisit["results"] =>
  [...results].sort(
    (a, b) => RESULTS.indexOf(a.result) - RESULTS.indexOf(b.result) || (a.item_code < b.item_code ? -1 : 1),
  );

export type Doubt = "clock" | "outside" | "no-position" | "photos" | "invalid" | "short";

/** A visit of so many items that took less than this a piece was hardly one. Source: our choice, in seconds. */
const ITEM_SECONDS_MIN = 3;

/** What somebody should look at before they trust it; never a verdict. */
export function doubtsOf(
  visit: Pick<
    OfficeVisit,
    "clock_set_back_seconds" | "location" | "missing_photos" | "score" | "results" | "began_at" | "ended_at"
  >,
  place: { location: Location | null; radius_m: number } | undefined,
): Doubt[] {
  const found: Doubt[] = [];
  const seconds = (Date.parse(visit.ended_at) - Date.parse(visit.began_at)) / 1000;
  if (visit.clock_set_back_seconds !== null) found.push("clock");
  else if (seconds < visit.results.length * ITEM_SECONDS_MIN) found.push("short");
  const away = awayOf(visit.location, place);
  if (visit.location === null) found.push("no-position");
  else if (away !== null && away > (place?.radius_m ?? 0) + (visit.location.accuracy_m ?? 0)) found.push("outside");
  if (visit.missing_photos.length > 0) found.push("photos");
  if (visit.score.value === null) found.push("invalid");
  return found;
}

/** How far from the point it was recorded, in metres. */
export const awayOf = (
  location: OfficeVisit["location"],
  place: { location: Location | null } | undefined,
): number | null => (location && place?.location ? distanceM(location, place.location) : null);

/** The part of the weight of all items that was judged, in percent, rounded down. */
export const observedPercent = ({ observed_weight, total_weight }: VisitRow["score"]): number =>
  total_weight === 0 ? 0 : Math.floor((observed_weight * 100) / total_weight);

/** What an item adds to the score: its weight, and the part of it that counts. */
export const SHARES: Record<ItemResult, string> = { conforms: "1", mostly: "0.5", fails: "0", "not-applicable": "–" };
