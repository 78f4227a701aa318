// Geometry of marks that are drawn with fingers and keys. Pure, so that it can be tested by tables.
import { MARKS_PER_PHOTO_MAX } from "../api/limits";
import type { Size } from "../photo/marks";
import type { Mark } from "../store/records";

/** A point on the picture, as fractions of its width and height. */
export interface Spot {
  x: number;
  y: number;
}
interface Box extends Size {
  left: number;
  top: number;
}

/** The smallest mark, as a fraction of the long edge. A finger that moved less has tapped. */
const MARK_MIN = 0.02;

const within = (value: number): number => Math.min(1, Math.max(0, value));
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/**
 * Converts a point on the screen to one on the picture, which is fitted into the middle of its box. Points beside the
 * picture move to its edge.
 */
export function spotOf(at: { clientX: number; clientY: number }, box: Box, picture: Size): Spot {
  const scale = Math.min(box.width / picture.width, box.height / picture.height);
  const part = (where: number, start: number, room: number, edge: number) =>
    within((where - start - (room - edge * scale) / 2) / (edge * scale));
  return {
    x: part(at.clientX, box.left, box.width, picture.width),
    y: part(at.clientY, box.top, box.height, picture.height),
  };
}

/** The mark between two points, or `null` if they are too close together. */
export function markOf(kind: Mark["kind"], from: Spot, to: Spot, picture: Size): Mark | null {
  const long = Math.max(picture.width, picture.height);
  const least = { x: (MARK_MIN * long) / picture.width, y: (MARK_MIN * long) / picture.height };
  if (Math.hypot((to.x - from.x) / least.x, (to.y - from.y) / least.y) < 1) return null;
  if (kind === "arrow")
    return {
      kind,
      x1: rounded(within(from.x)),
      y1: rounded(within(from.y)),
      x2: rounded(within(to.x)),
      y2: rounded(within(to.y)),
    };
  const [x1, x2] = span(from.x, to.x, least.x);
  const [y1, y2] = span(from.y, to.y, least.y);
  return { kind, x1, y1, x2, y2 };
}

/** An ordered interval of at least `least`: a line drawn along a number plate becomes wide enough to be seen. */
function span(a: number, b: number, least: number): [number, number] {
  const lack = Math.max(0, least - Math.abs(b - a)) / 2;
  const start = Math.min(1 - least, within(Math.min(a, b) - lack));
  return [rounded(start), rounded(Math.max(start + least, within(Math.max(a, b) + lack)))];
}

/** One more, while there is room for it. */
export const withMark = (marks: Mark[], mark: Mark): Mark[] =>
  marks.length < MARKS_PER_PHOTO_MAX ? [...marks, mark] : marks;
