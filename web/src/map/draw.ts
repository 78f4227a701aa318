// Draws a map on a canvas, in the colours of the page.
import type { Location } from "../api/types";
import { toPixel } from "./view";
import type { View } from "./view";

/** A mark on the map: a shape, a colour, and a label if there is room. */
export interface Mark {
  location: Location;
  tone: string;
  /** A geofence, or the accuracy of a position. */
  radiusM?: number;
  /** `late` differs from `open` by shape, not by colour alone; `many` stands for several places. */
  shape: "place" | "record" | "open" | "late" | "quiet" | "here";
  isMany?: boolean;
  isChosen?: boolean;
  label?: string;
  count?: number;
}

/** A picture on the ground, and where its upper left, upper right and lower left corners are. */
export interface Piece {
  picture: CanvasImageSource;
  corners: [Location, Location, Location];
  width: number;
  height: number;
}

/** Opacity of the ground: strong enough to read it, weak enough to see the marks. Source: our choice. */
const GROUND_ALPHA = 0.75;

/** Draws the ground, a scale and the marks. */
export function draw(canvas: HTMLCanvasElement, view: View, marks: Mark[], pieces: Piece[] = []): void {
  const ratio = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const brush = canvas.getContext("2d");
  if (!brush) return;
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  brush.fillStyle = colour("bg");
  brush.fillRect(0, 0, canvas.width, canvas.height);
  drawPieces(brush, view, pieces, width, height, ratio);
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  if (pieces.length === 0) drawGrid(brush, view, width, height, colour("hairline"));
  for (const mark of marks)
    drawMark(brush, mark, toPixel(view, mark.location, width, height), view, colour, style.fontFamily);
  // Labels last, so that no mark covers them.
  for (const mark of marks) {
    if (!mark.label) continue;
    const { x, y } = toPixel(view, mark.location, width, height);
    write(brush, mark.label, x, y + sizeOf(mark) + 16, `600 13px ${style.fontFamily}`, colour);
  }
  drawScale(brush, view, height, colour, style.fontFamily);
}

function drawPieces(
  brush: CanvasRenderingContext2D,
  view: View,
  pieces: Piece[],
  width: number,
  height: number,
  ratio: number,
): void {
  brush.globalAlpha = GROUND_ALPHA;
  for (const { picture, corners, ...size } of pieces) {
    // Whole pixels, so that there is no gap between neighbouring tiles.
    const [a, b, c] = corners.map((corner) => {
      const { x, y } = toPixel(view, corner, width, height);
      return { x: Math.round(x * ratio), y: Math.round(y * ratio) };
    }) as [{ x: number; y: number }, { x: number; y: number }, { x: number; y: number }];
    brush.setTransform(
      (b.x - a.x) / size.width,
      (b.y - a.y) / size.width,
      (c.x - a.x) / size.height,
      (c.y - a.y) / size.height,
      a.x,
      a.y,
    );
    brush.drawImage(picture, 0, 0, size.width, size.height);
  }
  brush.globalAlpha = 1;
}

/** Half of a mark's width, in pixels. */
function sizeOf(mark: Mark): number {
  if (mark.shape === "quiet") return 5;
  if (mark.count === undefined) return 8;
  return Math.min(18, 10 + 2 * String(mark.count).length + (mark.isMany ? 2 : 0));
}

function drawMark(
  brush: CanvasRenderingContext2D,
  mark: Mark,
  { x, y }: { x: number; y: number },
  view: View,
  colour: (name: string) => string,
  font: string,
): void {
  const size = sizeOf(mark);
  if (mark.radiusM) {
    brush.beginPath();
    brush.arc(x, y, mark.radiusM / view.metresPerPixel, 0, Math.PI * 2);
    brush.strokeStyle = colour(mark.tone);
    brush.setLineDash(mark.shape === "place" ? [] : [4, 4]);
    brush.lineWidth = 1.5;
    brush.stroke();
    brush.setLineDash([]);
  }
  const outline = (grown: number) => {
    const reach = size + grown;
    brush.beginPath();
    if (mark.shape === "place") brush.rect(x - reach, y - reach, reach * 2, reach * 2);
    else if (mark.shape === "late") {
      // A diamond.
      const tip = reach * 1.2;
      brush.moveTo(x, y - tip);
      brush.lineTo(x + tip, y);
      brush.lineTo(x, y + tip);
      brush.lineTo(x - tip, y);
      brush.closePath();
    } else brush.arc(x, y, reach, 0, Math.PI * 2);
  };
  if (mark.isMany || mark.isChosen) {
    outline(5);
    brush.fillStyle = colour("surface");
    brush.fill();
    brush.strokeStyle = colour(mark.isChosen ? "primary" : mark.tone);
    brush.lineWidth = mark.isChosen ? 4 : 2;
    brush.stroke();
  }
  outline(0);
  brush.fillStyle = colour(mark.tone);
  brush.fill();
  brush.strokeStyle = colour("surface");
  brush.lineWidth = 2;
  brush.stroke();
  if (mark.count !== undefined) {
    brush.fillStyle = colour("surface");
    brush.font = `600 13px ${font}`;
    brush.textAlign = "center";
    brush.fillText(String(mark.count), x, y + 5);
  }
}

/** Text with an outline, so that it can be read on any picture. */
function write(
  brush: CanvasRenderingContext2D,
  words: string,
  x: number,
  y: number,
  font: string,
  colour: (name: string) => string,
  align: CanvasTextAlign = "center",
): void {
  brush.font = font;
  brush.textAlign = align;
  brush.lineJoin = "round";
  brush.lineWidth = 4;
  brush.strokeStyle = colour("surface");
  brush.strokeText(words, x, y);
  brush.fillStyle = colour("fg");
  brush.fillText(words, x, y);
}

/** A round length of about 80 px. */
function roundLength(view: View): number {
  const raw = view.metresPerPixel * 80;
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5, 10].find((step) => step * power >= raw) ?? 10) * power;
}

function drawGrid(brush: CanvasRenderingContext2D, view: View, width: number, height: number, colour: string): void {
  const step = roundLength(view) / view.metresPerPixel;
  brush.strokeStyle = colour;
  brush.lineWidth = 1;
  brush.beginPath();
  for (let x = (width / 2) % step; x < width; x += step) {
    brush.moveTo(x, 0);
    brush.lineTo(x, height);
  }
  for (let y = (height / 2) % step; y < height; y += step) {
    brush.moveTo(0, y);
    brush.lineTo(width, y);
  }
  brush.stroke();
}

function drawScale(
  brush: CanvasRenderingContext2D,
  view: View,
  height: number,
  colour: (name: string) => string,
  font: string,
): void {
  const metres = roundLength(view);
  brush.lineCap = "round";
  for (const [ink, wide] of [
    ["surface", 6],
    ["fg", 2],
  ] as const) {
    brush.strokeStyle = colour(ink);
    brush.lineWidth = wide;
    brush.beginPath();
    brush.moveTo(12, height - 14);
    brush.lineTo(12 + metres / view.metresPerPixel, height - 14);
    brush.stroke();
  }
  write(brush, metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, 12, height - 22, `12px ${font}`, colour, "left");
}
