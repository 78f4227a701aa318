// What became of records while the device had no room to write it down: this page knows it, and writes it with the
// next that can be kept. A page that is killed before loses it, and sends again what the service already has; it says
// so and takes it once.
import { isFull } from "../store/database";
import { advance, listEntries, readEntry } from "../store/outbox";
import { stepKey } from "../session/uuid";
import { step } from "./entry";
import type { OutboxEntry, OutboxEvent } from "./entry";

const unwritten = new Map<string, OutboxEvent[]>();

/**
 * That a record was tried must outlive the page, or it would be changed under its own id; this much another store may
 * hold.
 */
const markOf = (id: string): string => `tried/${id}`;
const isMarked = (id: string): boolean => {
  try {
    return localStorage.getItem(markOf(id)) !== null;
  } catch {
    return false;
  }
};
function mark(id: string, is: boolean): void {
  try {
    if (is) localStorage.setItem(markOf(id), "1");
    else localStorage.removeItem(markOf(id));
  } catch {
    /* there is no room there either, or nothing may be kept */
  }
}

/** The record as it is, and not only as the disk has it. */
export function withUnsavedEvents(entry: OutboxEntry): OutboxEntry {
  const known = (unwritten.get(entry.id) ?? []).reduce(step, entry);
  return known.isTried === false && isMarked(entry.id) ? { ...known, isTried: true } : known;
}
export const listCurrentEntries = async (userId: string): Promise<OutboxEntry[]> =>
  (await listEntries(userId)).map(withUnsavedEvents);
export async function readCurrentEntry(id: string): Promise<OutboxEntry | undefined> {
  const entry = await readEntry(id);
  return entry && withUnsavedEvents(entry);
}

export const hasUnsavedEvents = (id: string): boolean => unwritten.has(id);
/** Of a record that is gone nothing is left to write. */
export function forget(id: string): void {
  unwritten.delete(id);
  mark(id, false);
}

/** Writes what happened, with all that could not be written before; where there is no room it is only known. */
export async function note(id: string, ...news: OutboxEvent[]): Promise<OutboxEntry | undefined> {
  const taken = [...(unwritten.get(id) ?? []), ...news];
  unwritten.delete(id);
  try {
    const entry = await advance(id, ...taken);
    if (entry?.isTried !== false) mark(id, false);
    return entry && withUnsavedEvents(entry);
  } catch (cause) {
    unwritten.set(id, [...(unwritten.get(id) ?? []), ...taken]);
    if (!isFull(cause)) throw cause;
    if (taken.some((event) => event.kind === "started")) mark(id, true);
    return readCurrentEntry(id);
  }
}

/** Begins an attempt; nothing where the record may not be sent as long as nothing can be written. */
export async function begin({ id, ...due }: OutboxEntry): Promise<OutboxEntry | undefined> {
  const started = { kind: "started", key: stepKey(id) } as const;
  // A key is never used before it is on the disk, unless it can be told from the record again.
  if (due.kind === "report" || due.key !== undefined || started.key === id) return note(id, started);
  return advance(id, started).catch((cause: unknown) => {
    if (!isFull(cause)) throw cause;
    return undefined;
  });
}
