// Reads a sheet as the service does, to show faults with the cell they are about.
import { HEADING_LINES_MAX } from "../../api/limits";
import type { Sheet } from "../../api/sheets";

/** Decodes a file as the service does: by its byte order mark, else UTF-8, else GB18030. */
export function decode(bytes: ArrayBuffer): string {
  const head = new Uint8Array(bytes.slice(0, 2));
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}

export function readFile(file: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error ?? new Error("unreadable"));
    reader.readAsArrayBuffer(file);
  });
}

/** A sheet as the service reads it: where its headings are, and its records by the line each begins on, from 1. */
export function readSheet(text: string, sheet: Sheet): { headingLine: number; rows: Map<number, string[]> } {
  const isKnown = (words: string) =>
    sheet.columns.some((column) => words.toLowerCase() === column.name || column.headings.includes(words));
  let best = { headingLine: 1, rows: records(text, ","), known: 0 };
  for (const delimiter of [",", ";", "\t"]) {
    const rows = records(text, delimiter);
    for (const [line, cells] of [...rows].slice(0, HEADING_LINES_MAX)) {
      const known = cells.filter(isKnown).length;
      if (known > best.known) best = { headingLine: line, rows, known };
    }
  }
  return best;
}

/** The records of a sheet by the line each begins on, from 1. */
export function records(text: string, delimiter = ","): Map<number, string[]> {
  const found = new Map<number, string[]>();
  let cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  let line = 1;
  let start = 1;
  const endRecord = () => {
    cells.push(cell.trim());
    if (cells.length > 1 || cells[0] !== "") found.set(start, cells);
    cells = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    // Lines end by LF, by CR LF, or by CR alone.
    const endsLine = char === "\n" || (char === "\r" && text[at + 1] !== "\n");
    if (endsLine) line += 1;
    if (isQuoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (char === '"' && cell === "") isQuoted = true;
    else if (char === delimiter) {
      cells.push(cell.trim());
      cell = "";
    } else if (endsLine) {
      endRecord();
      start = line;
    } else if (char !== "\r") cell += char;
  }
  endRecord();
  return found;
}

/** `earlier` is the line that holds the same, for what stands twice in the sheet. */
export interface Fault {
  line: number;
  column: string;
  code: string;
  detail: string;
  cell: string;
  earlier: number | null;
  isHeading: boolean;
}

/** The service's faults, `/<line>/<column>`, each with what the sheet holds there. */
export function faultsOf(
  fields: { pointer: string; code: string; detail: string }[],
  sheet: Sheet,
  text: string,
): Fault[] {
  const { headingLine, rows } = readSheet(text.replace(/^\ufeff/, ""), sheet);
  const heading = rows.get(headingLine) ?? [];
  return fields.map(({ pointer, code, detail }) => {
    const [, line = "", name = ""] = /^\/(\d+)\/?([\s\S]*)$/.exec(pointer) ?? [];
    const column = sheet.columns.find((known) => known.name === name);
    const place = heading.findIndex(
      (words) => words.toLowerCase() === name || (column?.headings.includes(words) ?? false),
    );
    const at = line === "" ? 0 : Number(line);
    const isHeading = at === headingLine;
    const cell = at > headingLine && place >= 0 ? (rows.get(at)?.[place] ?? "") : "";
    const same =
      code === "duplicate" && cell !== ""
        ? [...rows].find(([other, cells]) => other > headingLine && other < at && cells[place] === cell)
        : undefined;
    return {
      line: at,
      earlier: same?.[0] ?? null,
      column: place >= 0 ? (heading[place] ?? name) : (column?.headings[0] ?? name),
      code,
      detail,
      cell,
      isHeading,
    };
  });
}

/** A sheet's text: cells that need it are quoted, and none begins a formula. */
export function toCsv(rows: string[][]): string {
  const quoted = (cell: string) => {
    const safe = /^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell;
    return /[",;\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  // The mark tells Excel that it is UTF-8.
  return `\ufeff${rows.map((row) => row.map(quoted).join(",")).join("\r\n")}\r\n`;
}

export function saveText(name: string, text: string): void {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}
