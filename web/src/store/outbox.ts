import { withDatabase, write } from "./database";
import type { Writing } from "./database";
import { step } from "../outbox/entry";
import type { OutboxEntry, OutboxEvent } from "../outbox/entry";

export const listEntries = (userId: string): Promise<OutboxEntry[]> =>
  withDatabase((db) => db.getAllFromIndex("outbox", "user", userId));

/** How many records of other people wait on this device: they must not be forgotten when a phone is passed on. */
export const countOthers = (userId: string): Promise<number> =>
  withDatabase(async (db) => (await db.getAll("outbox")).filter((entry) => entry.userId !== userId && entry.state !== "delivered").length);

export const readEntry = (id: string): Promise<OutboxEntry | undefined> => withDatabase((db) => db.get("outbox", id));

/** Reads, steps and writes in one transaction, so that two tabs cannot overwrite each other's news. */
export function advance(id: string, event: OutboxEvent): Promise<OutboxEntry | undefined> {
  return write(["outbox"], async (tx) => {
    const store = tx.objectStore("outbox");
    const entry = await store.get(id);
    if (!entry) return undefined;
    const next = step(entry, event);
    if (next !== entry) await store.put(next);
    return next;
  });
}

/** Puts a record under new ids, where its own turned out to name something else. */
export function renameEntry(old: OutboxEntry, next: OutboxEntry, photoIds: ReadonlyMap<string, string>): Promise<void> {
  return write(["outbox", "photos", "chunks"], async (tx) => {
    await movePhotos(tx, photoIds, next.id);
    await tx.objectStore("outbox").delete(old.id);
    await tx.objectStore("outbox").put(next);
  });
}

/** Puts photos under new ids, a piece at a time: never more than one piece lies in memory, and none lies twice on the disk. */
export async function movePhotos(tx: Writing, photoIds: ReadonlyMap<string, string>, ownerId: string): Promise<void> {
  for (const [from, to] of photoIds) {
    const photo = await tx.objectStore("photos").get(from);
    if (!photo) continue;
    for (let index = 0; index < photo.chunkCount; index += 1) {
      const bytes = await tx.objectStore("chunks").get([from, index]);
      if (bytes) await tx.objectStore("chunks").put(bytes, [to, index]);
      await tx.objectStore("chunks").delete([from, index]);
    }
    await tx.objectStore("photos").put({ ...photo, id: to, ownerId });
    await tx.objectStore("photos").delete(from);
  }
}

export function removeEntry(entry: OutboxEntry): Promise<void> {
  return write(["outbox", "photos", "chunks"], async (tx) => {
    for (const photo of entry.photos) {
      await tx.objectStore("photos").delete(photo.id);
      await tx.objectStore("chunks").delete(IDBKeyRange.bound([photo.id, 0], [photo.id, Infinity]));
    }
    await tx.objectStore("outbox").delete(entry.id);
  });
}

/** How long what has been delivered stays on the device. Source: ui.md §6. */
export const KEEP_DELIVERED_MS = 7 * 24 * 3_600_000;

export async function dropOldDelivered(userId: string, now: number): Promise<void> {
  for (const entry of await listEntries(userId)) {
    if (entry.state === "delivered" && entry.deliveredAt !== null && now - entry.deliveredAt > KEEP_DELIVERED_MS) await removeEntry(entry);
  }
}
