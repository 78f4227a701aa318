// The visible part of the map, in metres on a plane, which is accurate enough for a county.
import type { Location } from "../api/types";

export interface View {
  centre: Location;
  metresPerPixel: number;
  /**
   * The length of a degree of longitude relative to one of latitude. It is constant while the view moves, so that
   * nothing is distorted.
   */
  shrink: number;
}
export interface Pixel {
  x: number;
  y: number;
}

/** Source: mean length of a degree of latitude. */
export const METRES_PER_DEGREE = 111_320;
/** Nearest and farthest view, in metres a pixel. Source: our choice; a stall, and a province. */
const NEAREST = 0.1;
const FARTHEST = 2_000;
/** Share of the map that what is shown may take. */
const FILLED = 0.8;

const shrinkAt = (lat: number) => Math.cos((lat * Math.PI) / 180);
const within = (metresPerPixel: number) => Math.min(FARTHEST, Math.max(NEAREST, metresPerPixel));

/** The view that shows all places with a margin, at least `metresMin` across. */
export function viewOf(places: Location[], width: number, height: number, metresMin = 150): View {
  const lats = places.map(({ lat }) => lat);
  const lons = places.map(({ lon }) => lon);
  const [south, north, west, east] = [Math.min(...lats), Math.max(...lats), Math.min(...lons), Math.max(...lons)];
  const centre = { lat: (south + north) / 2, lon: (west + east) / 2 };
  const shrink = shrinkAt(centre.lat);
  const wide = Math.max((east - west) * METRES_PER_DEGREE * shrink, metresMin);
  const tall = Math.max((north - south) * METRES_PER_DEGREE, metresMin);
  return { centre, shrink, metresPerPixel: within(Math.max(wide / (width * FILLED), tall / (height * FILLED))) };
}

export function toPixel(view: View, at: Location, width: number, height: number): Pixel {
  return {
    x: width / 2 + ((at.lon - view.centre.lon) * METRES_PER_DEGREE * view.shrink) / view.metresPerPixel,
    y: height / 2 + ((view.centre.lat - at.lat) * METRES_PER_DEGREE) / view.metresPerPixel,
  };
}

export function toLocation(view: View, { x, y }: Pixel, width: number, height: number): Location {
  return {
    lat: view.centre.lat - ((y - height / 2) * view.metresPerPixel) / METRES_PER_DEGREE,
    lon: view.centre.lon + ((x - width / 2) * view.metresPerPixel) / (METRES_PER_DEGREE * view.shrink),
  };
}

/** The view after a drag by so many pixels. */
export function moved(view: View, dx: number, dy: number): View {
  return { ...view, centre: toLocation(view, { x: -dx, y: -dy }, 0, 0) };
}

/** Zooms in or out; the point under `at` stays in place. */
export function zoomed(view: View, factor: number, at: Pixel, width: number, height: number): View {
  const anchor = toLocation(view, at, width, height);
  const next = { ...view, metresPerPixel: within(view.metresPerPixel * factor) };
  const now = toPixel(next, anchor, width, height);
  return moved(next, at.x - now.x, at.y - now.y);
}

/** Centres a place, near enough to tell it from its neighbours. */
export function viewAt(view: View, centre: Location): View {
  return { ...view, centre, metresPerPixel: Math.min(view.metresPerPixel, 2) };
}
