// A map without tiles: places and records on a plain ground, in metres. Enough to see what lies where.
import type { Location } from "../api/types";

export interface View { centre: Location; metresPerPixel: number }
export interface Mark { location: Location; tone: string; radiusM?: number; shape: "place" | "record"; label?: string; count?: number }

const METRES_PER_DEGREE = 111_320;

/** The view that shows all marks with a margin. */
export function viewOf(marks: Mark[], width: number, height: number): View {
  const lats = marks.map((mark) => mark.location.lat);
  const lons = marks.map((mark) => mark.location.lon);
  const centre = { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lon: (Math.min(...lons) + Math.max(...lons)) / 2 };
  const tall = (Math.max(...lats) - Math.min(...lats)) * METRES_PER_DEGREE;
  const wide = (Math.max(...lons) - Math.min(...lons)) * METRES_PER_DEGREE * Math.cos((centre.lat * Math.PI) / 180);
  const radius = Math.max(60, ...marks.map((mark) => mark.radiusM ?? 0)) * 2.4;
  return { centre, metresPerPixel: Math.max(Math.max(wide, radius) / (width * 0.8), Math.max(tall, radius) / (height * 0.8)) };
}

export function toPixel(view: View, at: Location, width: number, height: number): { x: number; y: number } {
  const x = ((at.lon - view.centre.lon) * METRES_PER_DEGREE * Math.cos((view.centre.lat * Math.PI) / 180)) / view.metresPerPixel;
  const y = ((view.centre.lat - at.lat) * METRES_PER_DEGREE) / view.metresPerPixel;
  return { x: width / 2 + x, y: height / 2 + y };
}

export function moved(view: View, dx: number, dy: number): View {
  const lat = view.centre.lat + (dy * view.metresPerPixel) / METRES_PER_DEGREE;
  const lon = view.centre.lon - (dx * view.metresPerPixel) / (METRES_PER_DEGREE * Math.cos((view.centre.lat * Math.PI) / 180));
  return { ...view, centre: { lat, lon } };
}

/** Draws the ground, a scale and the marks in the colours of the page. */
export function draw(canvas: HTMLCanvasElement, view: View, marks: Mark[]): void {
  const ratio = devicePixelRatio || 1;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const brush = canvas.getContext("2d");
  if (!brush) return;
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  brush.scale(ratio, ratio);
  brush.fillStyle = colour("bg");
  brush.fillRect(0, 0, width, height);
  drawGrid(brush, view, width, height, colour("hairline"));
  for (const mark of marks) {
    const { x, y } = toPixel(view, mark.location, width, height);
    if (mark.radiusM) {
      brush.beginPath();
      brush.arc(x, y, mark.radiusM / view.metresPerPixel, 0, Math.PI * 2);
      brush.strokeStyle = colour(mark.tone);
      brush.setLineDash(mark.shape === "place" ? [] : [4, 4]);
      brush.lineWidth = 1.5;
      brush.stroke();
      brush.setLineDash([]);
    }
    brush.fillStyle = colour(mark.tone);
    brush.beginPath();
    const size = mark.count ? Math.min(18, 9 + mark.count) : 7;
    if (mark.shape === "place") brush.rect(x - size, y - size, size * 2, size * 2);
    else brush.arc(x, y, size, 0, Math.PI * 2);
    brush.fill();
    brush.strokeStyle = colour("surface");
    brush.lineWidth = 2;
    brush.stroke();
    brush.font = `600 13px ${style.fontFamily}`;
    brush.textAlign = "center";
    if (mark.count) {
      brush.fillStyle = colour("surface");
      brush.fillText(String(mark.count), x, y + 5);
    }
    if (mark.label) {
      brush.fillStyle = colour("fg");
      brush.fillText(mark.label, x, y + size + 15);
    }
  }
  drawScale(brush, view, height, colour("fg"), style.fontFamily);
}

/** A length near 80 px that is easy to say. */
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
  for (let x = (width / 2) % step; x < width; x += step) { brush.moveTo(x, 0); brush.lineTo(x, height); }
  for (let y = (height / 2) % step; y < height; y += step) { brush.moveTo(0, y); brush.lineTo(width, y); }
  brush.stroke();
}

function drawScale(brush: CanvasRenderingContext2D, view: View, height: number, colour: string, font: string): void {
  const metres = roundLength(view);
  brush.strokeStyle = colour;
  brush.lineWidth = 2;
  brush.beginPath();
  brush.moveTo(12, height - 14);
  brush.lineTo(12 + metres / view.metresPerPixel, height - 14);
  brush.stroke();
  brush.fillStyle = colour;
  brush.font = `12px ${font}`;
  brush.textAlign = "left";
  brush.fillText(metres >= 1000 ? `${metres / 1000} km` : `${metres} m`, 12, height - 20);
}
