import { withDatabase, write } from "./database";
import { applyEvent } from "../outbox/entry";
import type { OutboxEntry, OutboxEvent } from "../outbox/entry";

export const listEntries = (userId: string): Promise<OutboxEntry[]> =>
  withDatabase((db) => db.getAllFromIndex("outbox", "user", userId));

export const readEntry = (id: string): Promise<OutboxEntry | undefined> => withDatabase((db) => db.get("outbox", id));

/** Reads, changes and writes in one transaction, so that two tabs do not overwrite each other. */
export function advance(id: string, ...events: OutboxEvent[]): Promise<OutboxEntry | undefined> {
  return write(["outbox"], async (tx) => {
    const store = tx.objectStore("outbox");
    const entry = await store.get(id);
    if (!entry) return undefined;
    const next = events.reduce(applyEvent, entry);
    if (next !== entry) await store.put(next);
    return next;
  });
}

/** Deletes the record and its photos. `instead` is queued in the same transaction. */
export function removeEntry(entry: OutboxEntry, instead?: OutboxEntry): Promise<void> {
  return write(["outbox", "photos", "chunks"], async (tx) => {
    // Another window has taken it back to a draft, which has the photos now.
    if ((await tx.objectStore("outbox").getKey(entry.id)) === undefined) return;
    for (const photo of entry.photos) {
      await tx.objectStore("photos").delete(photo.id);
      await tx.objectStore("chunks").delete(IDBKeyRange.bound([photo.id, 0], [photo.id, Infinity]));
    }
    await tx.objectStore("outbox").delete(entry.id);
    if (instead) await tx.objectStore("outbox").add(instead);
  });
}
