// The meeting screen 比拼拉练亮分: what a sheet says of the two dimensions that are not ours, and ranks.
import type { RankedUnit } from "../api/months";
import { HEADINGS, UNIT_HEADINGS } from "../texts/sheetHeadings";

export type Imported = keyof typeof HEADINGS;
const SCORE_MAX = 100;

/** What the sheet says of a unit; `null` for an empty cell. */
export type Scores = Record<Imported, number | null>;
export type MeetingScores = Record<string, Scores>;

export interface SheetFault {
  /** From 1. */
  line: number;
  kind: "heading" | "unit" | "twice" | "number";
  /** What stands there. */
  cell: string;
}

interface KnownUnit {
  id: string;
  code: string;
  name: string;
}

/** Full-width digits and points are what they look like. */
const plain = (cell: string): string =>
  cell.replace(/[\uff01-\uff5e]/g, (char) => String.fromCharCode(char.charCodeAt(0) - 0xfee0)).trim();

/** The cells of a line: as a spreadsheet copies them (tabs), or of a CSV file. */
export function cellsOf(line: string): string[] {
  if (line.includes("\t")) return line.split("\t").map(plain);
  const cells: string[] = [];
  line.replace(/(?:^|[,;])(?:"((?:[^"]|"")*)"|([^,;]*))/g, (cell, quoted?: string, bare?: string) => {
    cells.push(plain(quoted?.replace(/""/g, '"') ?? bare ?? ""));
    return cell;
  });
  return cells;
}

/** A sheet with a heading, a line for each unit: all of it, or every fault. */
export function readSheet(text: string, units: KnownUnit[]): { scores: MeetingScores; faults: SheetFault[] } {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  const rows = lines.map((line, at) => ({ line: at + 1, cells: cellsOf(line) }));
  const names = Object.keys(HEADINGS) as Imported[];
  const isHeading = ({ cells }: { cells: string[] }) => cells.some((cell) => UNIT_HEADINGS.includes(cell));
  const heading = rows.find(isHeading);
  const places = names.map((name) => heading?.cells.indexOf(HEADINGS[name]) ?? -1);
  const missing = names.find((_, at) => places[at] === -1);
  if (!heading || missing)
    return {
      scores: {},
      faults: [{ line: heading?.line ?? 1, kind: "heading", cell: HEADINGS[missing ?? "economy"] }],
    };
  const unitAt = heading.cells.findIndex((cell) => UNIT_HEADINGS.includes(cell));
  const scores: MeetingScores = {};
  const faults: SheetFault[] = [];
  for (const { line, cells } of rows.slice(heading.line)) {
    const named = cells[unitAt] ?? "";
    if (cells.every((cell) => cell === "")) continue;
    const unit = units.find((one) => one.name === named || one.code === named);
    if (!unit) {
      faults.push({ line, kind: "unit", cell: named });
      continue;
    }
    if (unit.id in scores) faults.push({ line, kind: "twice", cell: named });
    const [economy, governance] = places.map((at) => {
      const cell = cells[at] ?? "";
      if (cell === "") return null;
      const score = /^\d{1,3}(\.\d+)?$/.test(cell) ? Number(cell) : Number.NaN;
      if (score <= SCORE_MAX) return score;
      faults.push({ line, kind: "number", cell });
      return null;
    });
    scores[unit.id] = { economy: economy ?? null, governance: governance ?? null };
  }
  return { scores: faults.length > 0 ? {} : scores, faults };
}

export interface Bar {
  id: string;
  name: string;
  /** `null` where there is none: it has no rank, and is listed last. */
  score: number | null;
  /** As it is written. */
  text: string;
  rank: number | null;
}

/** Units of a group in the order of one dimension; equal ones share a rank, 1-2-2-4. */
export function ranked(units: RankedUnit[], scores: MeetingScores, of: Imported): Bar[] {
  const bars = units.map(({ unit_id: id, name }) => {
    const score = scores[id]?.[of] ?? null;
    return { id, name, score, text: score === null ? "" : score.toFixed(2), rank: null };
  });
  const known = bars.filter(({ score }) => score !== null);
  const better = (score: number) => known.filter((one) => (one.score ?? 0) > score).length;
  return bars
    .map((bar) => ({ ...bar, rank: bar.score === null ? null : better(bar.score) + 1 }))
    .sort((a, b) => (b.score ?? -1) - (a.score ?? -1));
}

/** Our own dimension, as the ranking has it. */
export const ownBars = (units: RankedUnit[]): Bar[] =>
  units.map(({ unit_id: id, name, score, rank }) => ({ id, name, score: Number(score), text: score, rank }));
