// The draws that were committed to, and files to take away.
import { readDraws } from "../../api/batches";
import type { DrawRow, Paged } from "../../api/batches";

/** A county has some dozens of batches a year. */
const READ_MAX = 1_000;

export async function readAllDraws(): Promise<DrawRow[]> {
  const all: DrawRow[] = [];
  let cursor: string | null = null;
  do {
    const page: Paged<DrawRow> = await readDraws(cursor);
    all.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor !== null && all.length < READ_MAX);
  return all;
}

/** The commitment that holds: the last one. */
export const lastOf = (row: DrawRow): string => row.commitments[row.commitments.length - 1]?.commitment_sha256 ?? "";

export const fileOf = (batch: string): string => `draw-${batch.slice(0, 8)}.json`;

/** What somebody types to check it with the program, and again with the one of the documents. */
export const commandsOf = (batch: string, commitment: string): string[] => [
  `anfang draw verify ${fileOf(batch)} --kept ${commitment}`,
  `python3 tests/draw_replay.py ${fileOf(batch)} ${commitment}`,
];

export function saveJson(name: string, value: unknown): void {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(new Blob([`${JSON.stringify(value)}\n`], { type: "application/json" }));
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000);
}
