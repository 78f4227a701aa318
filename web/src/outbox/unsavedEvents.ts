// Events of records that could not be saved because the device is full. They are kept in memory and saved with the
// next write. If the page is killed before, the record is sent again, and the service takes it once.
import { isFull } from "../store/database";
import { advance, listEntries, readEntry } from "../store/outbox";
import { stepKey } from "../session/uuid";
import { applyEvent } from "./entry";
import type { OutboxEntry, OutboxEvent } from "./entry";

const unwritten = new Map<string, OutboxEvent[]>();

/**
 * That a record was tried must survive the page, or it could be changed under its id. localStorage may have room for
 * this.
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

/** The record with the events that are not saved yet. */
export function withUnsavedEvents(entry: OutboxEntry): OutboxEntry {
  const known = (unwritten.get(entry.id) ?? []).reduce(applyEvent, entry);
  return known.isTried === false && isMarked(entry.id) ? { ...known, isTried: true } : known;
}
export const listCurrentEntries = async (userId: string): Promise<OutboxEntry[]> =>
  (await listEntries(userId)).map(withUnsavedEvents);
export async function readCurrentEntry(id: string): Promise<OutboxEntry | undefined> {
  const entry = await readEntry(id);
  return entry && withUnsavedEvents(entry);
}

export const hasUnsavedEvents = (id: string): boolean => unwritten.has(id);
/** Drops the events of a deleted record. */
export function dropEvents(id: string): void {
  unwritten.delete(id);
  mark(id, false);
}

/** Saves events together with those that could not be saved before. On a full device they are kept in memory. */
export async function saveEvents(id: string, ...news: OutboxEvent[]): Promise<OutboxEntry | undefined> {
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

/** Starts an attempt. Returns nothing if the record may not be sent while nothing can be saved. */
export async function startAttempt({ id, ...due }: OutboxEntry): Promise<OutboxEntry | undefined> {
  const started = { kind: "started", key: stepKey(id) } as const;
  // A key is used only when it is saved, or can be derived from the record.
  if (due.kind !== "answer" || due.key !== undefined || started.key === id) return saveEvents(id, started);
  return advance(id, started).catch((cause: unknown) => {
    if (!isFull(cause)) throw cause;
    return undefined;
  });
}
