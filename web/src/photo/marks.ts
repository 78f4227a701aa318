// How marks on a photo look and how they are sent; pure.
import type { Mark, PhotoRef } from "../store/records";

export interface Size {
  width: number;
  height: number;
}

/** The long edge of a picture in drawing units, so that lines are equally thick on every size. */
const LONG_EDGE = 1000;
const HEAD = 55;
const TILE = 25;

/** The picture's edges in those units. */
export function drawnSize({ width, height }: Size): Size {
  const by = LONG_EDGE / Math.max(width, height);
  return { width: width * by, height: height * by };
}

/** The marks of a photo for a request body; left out if there are none. */
export const sentMarks = ({ marks, fromAlbum }: PhotoRef): { marks?: Mark[]; from_album?: true } => ({
  ...(marks && marks.length > 0 ? { marks } : {}),
  ...(fromAlbum ? { from_album: true } : {}),
});

/** The mark as the path of an SVG. */
export function shapeOf(mark: Mark, { width, height }: Size): string {
  const [x1, y1, x2, y2] = [mark.x1 * width, mark.y1 * height, mark.x2 * width, mark.y2 * height].map(Math.round) as [
    number,
    number,
    number,
    number,
  ];
  if (mark.kind === "blur") return `M${x1} ${y1}H${x2}V${y2}H${x1}z`;
  if (mark.kind === "circle") {
    const radii = `${(x2 - x1) / 2} ${(y2 - y1) / 2}`;
    return `M${x1} ${(y1 + y2) / 2}a${radii} 0 1 0 ${x2 - x1} 0a${radii} 0 1 0 ${x1 - x2} 0z`;
  }
  const along = Math.atan2(y2 - y1, x2 - x1);
  const head = Math.min(HEAD, Math.hypot(x2 - x1, y2 - y1) / 2);
  const barb = (turn: number) =>
    `${Math.round(x2 - head * Math.cos(along + turn))} ${Math.round(y2 - head * Math.sin(along + turn))}`;
  return `M${x1} ${y1}L${x2} ${y2}M${barb(0.5)}L${x2} ${y2}L${barb(-0.5)}`;
}

/**
 * Squares of one of two shades, for a mosaic over a blurred area that looks the same in every browser. Irregular, so
 * that it does not look like the checkerboard for transparency.
 */
export function tilesOf(mark: Mark, { width, height }: Size, shade: 0 | 1): string {
  const [left, top, right, bottom] = [mark.x1 * width, mark.y1 * height, mark.x2 * width, mark.y2 * height];
  const squares: string[] = [];
  for (let row = 0, y = top; y < bottom; row += 1, y = top + row * TILE) {
    for (let column = 0, x = left; x < right; column += 1, x = left + column * TILE) {
      if (((row * row * 3 + column * column * 2 + row * column) % 5) % 3 === shade)
        squares.push(`M${x} ${y}H${Math.min(x + TILE, right)}V${Math.min(y + TILE, bottom)}H${x}z`);
    }
  }
  return squares.join("");
}

/** Chrome before 81 ignores the EXIF orientation: a blur would end up in the wrong place of the upright picture. */
export const SHOWS_UPRIGHT = typeof CSS === "undefined" || CSS.supports("image-orientation", "from-image");
