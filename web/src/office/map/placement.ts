// The corners of a picture as text, while somebody is editing them.
import type { Location, Schemas } from "../../api/types";
import { METRES_PER_DEGREE } from "../../map/view";

/** Longitude and latitude of the upper left, upper right, lower right and lower left corner, as typed. */
export type Typed = [string, string][];
type Corners = Schemas["PlacementBody"]["corners"];

/** Six decimals are a tenth of a metre. */
const words = (degrees: number): string => String(Math.round(degrees * 1e6) / 1e6);
export const typedOf = (corners: number[][]): Typed => corners.map(([lon, lat]) => [words(lon ?? 0), words(lat ?? 0)]);

/** The number in the text; `null` if it is none or out of range. */
export function degrees(text: string, most: number): number | null {
  const number = /^-?\d{1,3}(\.\d+)?$/.test(text.trim()) ? Number(text) : NaN;
  return Math.abs(number) <= most ? number : null;
}

export function cornersOf(typed: Typed): Corners | null {
  const corners = typed.map(([lon, lat]) => [degrees(lon, 180), degrees(lat, 85)]);
  return corners.flat().includes(null) ? null : (corners as Corners);
}

/** Whether the picture is aligned with north. */
export const isUpright = ([a, b, c, d]: Typed): boolean =>
  a?.[0] === d?.[0] && b?.[0] === c?.[0] && a?.[1] === b?.[1] && d?.[1] === c?.[1];

export type Edge = "north" | "south" | "west" | "east";
/** Which coordinate of which corners each edge sets. */
export const EDGES: Record<Edge, { axis: 0 | 1; corners: [number, number] }> = {
  north: { axis: 1, corners: [0, 1] },
  south: { axis: 1, corners: [2, 3] },
  west: { axis: 0, corners: [0, 3] },
  east: { axis: 0, corners: [1, 2] },
};

export function withEdge(typed: Typed, edge: Edge, value: string): Typed {
  const { axis, corners } = EDGES[edge];
  return typed.map((corner, at) =>
    corners.includes(at) ? (axis === 0 ? [value, corner[1]] : [corner[0], value]) : corner,
  );
}

/** A first suggestion: a picture of this shape that covers all places. */
export function firstGuess(places: Location[], width: number, height: number): Typed {
  const lats = places.length > 0 ? places.map(({ lat }) => lat) : [31.9, 32.1];
  const lons = places.length > 0 ? places.map(({ lon }) => lon) : [106.9, 107.1];
  const middle = { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lon: (Math.min(...lons) + Math.max(...lons)) / 2 };
  const shrink = Math.cos((middle.lat * Math.PI) / 180);
  const margin = 1.15 / 2;
  // Half of what is needed, in degrees of latitude.
  let [wide, tall] = [
    (Math.max(...lons) - Math.min(...lons)) * shrink * margin,
    (Math.max(...lats) - Math.min(...lats)) * margin,
  ].map((half) => Math.max(half, 500 / METRES_PER_DEGREE)) as [number, number];
  if (wide / tall < width / height) wide = (tall * width) / height;
  else tall = (wide * height) / width;
  wide /= shrink;
  const [west, east, south, north] = [middle.lon - wide, middle.lon + wide, middle.lat - tall, middle.lat + tall];
  return typedOf([
    [west, north],
    [east, north],
    [east, south],
    [west, south],
  ]);
}

/** The corners after a move by fractions of the picture's size, and a scaling about its centre. */
export function adjusted(typed: Typed, right: number, up: number, growth: number): Typed {
  const corners = cornersOf(typed);
  const [a, b, , d] = corners ?? [];
  if (!corners || !a || !b || !d) return typed;
  const middle = [0, 1].map((axis) => corners.reduce((sum, corner) => sum + (corner[axis] ?? 0), 0) / 4);
  const shift = [0, 1].map(
    (axis) => right * ((b[axis] ?? 0) - (a[axis] ?? 0)) + up * ((a[axis] ?? 0) - (d[axis] ?? 0)),
  );
  return typedOf(
    corners.map((corner) =>
      [0, 1].map(
        (axis) => (middle[axis] ?? 0) + ((corner[axis] ?? 0) - (middle[axis] ?? 0)) * growth + (shift[axis] ?? 0),
      ),
    ),
  );
}
