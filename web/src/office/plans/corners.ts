// Corners of a zone as text of the office's form. Separate from what phones use of zones, since they do not need it.
// Pure.
import type { Location } from "../../api/types";
import type { Zone } from "../../api/zones";

/** A square around a place, so many metres wide. */
export function squareAround({ lat, lon }: Pick<Location, "lat" | "lon">, metres: number): Zone["corners"] {
  const north = metres / 2 / 111_195;
  const east = north / Math.cos((lat * Math.PI) / 180);
  const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  const corner = (up: number, right: number) => ({ lat: round(lat + up * north), lon: round(lon + right * east) });
  return [corner(-1, -1), corner(-1, 1), corner(1, 1), corner(1, -1)];
}

/** Corners as lines of `lat, lon`, and back; `null` where a line is something else. */
export const cornersText = (corners: Zone["corners"]): string =>
  corners.map(({ lat, lon }) => `${lat}, ${lon}`).join("\n");
export function readCorners(text: string): Zone["corners"] | null {
  const lines = text.split(/\n|；|;/).filter((line) => line.trim() !== "");
  const corners = lines.map((line) =>
    line
      .split(/[,，\s]+/)
      .filter(Boolean)
      .map(Number),
  );
  if (corners.some((pair) => pair.length !== 2 || pair.some((degrees) => !Number.isFinite(degrees)))) return null;
  return corners.map(([lat, lon]) => ({ lat: lat ?? 0, lon: lon ?? 0 }));
}
