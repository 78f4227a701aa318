import type { Location } from "../api/types";
import { addTexts, t } from "../texts";
import { zhInspector } from "../texts/zh/inspector";

addTexts(zhInspector);

const EARTH_RADIUS_M = 6_371_000;

/** Metres along the ground, good to a fraction of a percent. */
export function distanceM(a: Location, b: Location): number {
  const rad = Math.PI / 180;
  const dLat = (b.lat - a.lat) * rad;
  const dLon = (b.lon - a.lon) * rad;
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

export function formatDistance(metres: number): string {
  if (metres < 1000) return t("place.metres", { metres: Math.round(metres / 10) * 10 });
  return t("place.kilometres", { kilometres: (metres / 1000).toFixed(metres < 10_000 ? 1 : 0) });
}
