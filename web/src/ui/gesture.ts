// Gestures on a picture: pinch, move, swipe. Pure, so that it can be tested by tables.

/** The transform of a picture: its scale, and the offset of its centre in pixels. */
export interface PictureTransform {
  scale: number;
  x: number;
  y: number;
}
export interface Finger {
  x: number;
  y: number;
}

export const UNTRANSFORMED: PictureTransform = { scale: 1, x: 0, y: 0 };
export const SCALE_MAX = 6;
/** A swipe is at least this long, and more horizontal than vertical. Source: our choice. */
const SWIPE_PX = 48;

const within = (value: number, most: number): number => Math.min(most, Math.max(-most, value));

/** Keeps the scale between fitting and the maximum, and the picture's edges within the frame. */
export function bounded(transform: PictureTransform, width: number, height: number): PictureTransform {
  const scale = Math.min(SCALE_MAX, Math.max(1, transform.scale));
  return {
    scale,
    x: within(transform.x, (width * (scale - 1)) / 2),
    y: within(transform.y, (height * (scale - 1)) / 2),
  };
}

/** The transform after two fingers moved; points are relative to the centre of the stage. */
export function pinched(
  transform: PictureTransform,
  before: [Finger, Finger],
  now: [Finger, Finger],
  width: number,
  height: number,
): PictureTransform {
  const apart = ([a, b]: [Finger, Finger]) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
  const middle = ([a, b]: [Finger, Finger]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const scale = Math.min(SCALE_MAX, Math.max(1, transform.scale * (apart(now) / apart(before))));
  const by = scale / transform.scale;
  const from = middle(before);
  const to = middle(now);
  // The point under the fingers stays under them.
  return bounded(
    { scale, x: to.x - (from.x - transform.x) * by, y: to.y - (from.y - transform.y) * by },
    width,
    height,
  );
}

/** Zooms by a button, a key or a double tap at `at`. */
export function zoomed(
  transform: PictureTransform,
  scale: number,
  at: Finger,
  width: number,
  height: number,
): PictureTransform {
  const by = scale / transform.scale;
  return bounded({ scale, x: at.x - (at.x - transform.x) * by, y: at.y - (at.y - transform.y) * by }, width, height);
}

/** -1 for the previous picture, 1 for the next, 0 for neither. A zoomed picture is moved instead. */
export function swiped(transform: PictureTransform, from: Finger, to: Finger): -1 | 0 | 1 {
  const along = to.x - from.x;
  if (transform.scale > 1 || Math.abs(along) < SWIPE_PX || Math.abs(along) < 1.5 * Math.abs(to.y - from.y)) return 0;
  return along < 0 ? 1 : -1;
}
