// Operations on records besides sending, in a file of their own, because every start waits for those of sending.
import { withDatabase, write } from "./database";
import type { Writing } from "./database";
import type { OutboxEntry } from "../outbox/entry";

/** Number of unsent records of other accounts: they must not be forgotten when a phone is passed on. */
export const countOthers = (userId: string): Promise<number> =>
  withDatabase(
    async (db) =>
      (await db.getAll("outbox")).filter((entry) => entry.userId !== userId && entry.state !== "delivered").length,
  );

/** Keeps the receipt of a record that was removed. */
export const keepDelivered = (entry: OutboxEntry): Promise<void> =>
  write(["outbox"], async (tx) => {
    await tx.objectStore("outbox").put(entry);
  });

/** Gives a record new ids, for when its own already name something else. */
export function replaceEntryIds(
  old: OutboxEntry,
  next: OutboxEntry,
  photoIds: ReadonlyMap<string, string>,
): Promise<void> {
  return write(["outbox", "photos", "chunks"], async (tx) => {
    await movePhotos(tx, photoIds, next.id);
    await tx.objectStore("outbox").delete(old.id);
    await tx.objectStore("outbox").put(next);
  });
}

/** Gives photos new ids, chunk by chunk: one chunk in memory at a time, and none twice on disk. */
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
