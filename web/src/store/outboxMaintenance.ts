// Operations on records besides sending, in a file of their own, because every start waits for those of sending.
import { withDatabase, write } from "./database";
import type { Writing } from "./database";
import type { OutboxEntry } from "../outbox/entry";
import { followReport } from "./followReport";
import { listEntries, removeEntry } from "./outbox";

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
    await followReport(tx, next);
  });
}

/** Changes a record that nothing is being done with. */
export const changeEntry = <E extends OutboxEntry>(seen: E, change: (entry: E) => E): Promise<void> =>
  write(["outbox"], async (tx) => {
    const entry = await tx.objectStore("outbox").get(seen.id);
    if (entry?.kind === seen.kind && entry.state === seen.state) await tx.objectStore("outbox").put(change(entry as E));
  });

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

/** Whether the visit that it was found on is still here, which says it once more. */
const isOfVisit = async (entry: OutboxEntry): Promise<boolean> => {
  const visit = entry.kind === "report" && entry.body.visit_id;
  return (
    !!visit &&
    (await withDatabase(async (db) => (await db.getKey("drafts", visit)) ?? (await db.getKey("outbox", visit)))) !==
      undefined
  );
};

/** How long what has been delivered stays on the device. Source: ui.md §6. */
export const KEEP_DELIVERED_MS = 7 * 24 * 3_600_000;

export async function dropOldDelivered(userId: string, now: number): Promise<void> {
  for (const entry of await listEntries(userId)) {
    if (
      entry.state === "delivered" &&
      entry.deliveredAt !== null &&
      now - entry.deliveredAt > KEEP_DELIVERED_MS &&
      !(await isOfVisit(entry))
    )
      await removeEntry(entry);
  }
}
