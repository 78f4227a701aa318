// Deletes what is no longer needed, so that there is space for records: old answers and pictures, and chunks of
// photos that nothing refers to.
import { readMeta, writeMeta } from "../store/cache";
import { withDatabase, write } from "../store/database";
import { dropMirror, mirroredIds, mirrorOf } from "../store/draftMirror";
import { DraftFinished, OthersDraft, writeDraft } from "../store/drafts";
import { dropOldDelivered } from "../store/outboxMaintenance";
import { evictPictures } from "./pictures";

const DAY_MS = 24 * 3_600_000;
/** How long an answer is cached without being refreshed. Source: our choice; longer than any task takes. */
export const ANSWER_MS_MAX = 90 * DAY_MS;
/** Needed to report, however long there is no network. */
const KEPT_ALWAYS: readonly string[] = ["reference"];
const ORPHANS_KEY = "orphans";
const TIDIED_KEY = "tidied";

/** What was typed just before a page died, where the form was not opened again: into its draft. */
export async function mergeMirrors(): Promise<void> {
  for (const id of mirroredIds()) {
    const { mine, base } = mirrorOf(id) ?? {};
    if (!mine) dropMirror(id);
    // A draft that was sent, or that is somebody else's now, takes nothing.
    else
      await writeDraft({ ...mine, photos: [] }, null, base).then(
        () => dropMirror(id),
        (cause: unknown) => {
          if (cause instanceof DraftFinished || cause instanceof OthersDraft) dropMirror(id);
        },
      );
  }
}

/** What was delivered a while ago, whosever it is: this device may not see that person again. */
async function dropDelivered(now: number): Promise<void> {
  const owners = await withDatabase(async (db) => (await db.getAll("outbox")).map(({ userId }) => userId));
  for (const owner of new Set(owners)) await dropOldDelivered(owner, now);
}

/** At the start, once a day; mirrors and what was delivered at every start. */
export async function tidy(now: number): Promise<void> {
  await mergeMirrors();
  await dropDelivered(now);
  const before = await readMeta(TIDIED_KEY);
  // A clock that was set back must not delay it.
  if (typeof before === "number" && before <= now && now - before < DAY_MS) return;
  await writeMeta(TIDIED_KEY, now);
  await evictPictures(now);
  await evictAnswers(now);
  await dropOrphans(now);
}

export const evictAnswers = (now: number): Promise<void> =>
  write(["answers"], async (tx) => {
    for (let cursor = await tx.objectStore("answers").openCursor(); cursor; cursor = await cursor.continue()) {
      if (now - cursor.value.at > ANSWER_MS_MAX && !KEPT_ALWAYS.includes(cursor.key)) await cursor.delete();
    }
  });

/**
 * Deletes photos and chunks that no draft or record names, after a day without a name: an import in another page
 * writes its record last.
 */
export const dropOrphans = (now: number): Promise<void> =>
  write(["drafts", "outbox", "photos", "chunks", "meta"], async (tx) => {
    const owners = [...(await tx.objectStore("drafts").getAll()), ...(await tx.objectStore("outbox").getAll())];
    const named = new Set(owners.flatMap((owner) => owner.photos.map((photo) => photo.id)));
    const here = new Set([
      ...(await tx.objectStore("photos").getAllKeys()),
      ...(await tx.objectStore("chunks").getAllKeys()).map(([id]) => id),
    ]);
    const before = ((await tx.objectStore("meta").get(ORPHANS_KEY)) ?? {}) as Record<string, number>;
    const orphans: Record<string, number> = {};
    for (const id of here) {
      if (named.has(id)) continue;
      const since = Math.min(before[id] ?? now, now);
      if (now - since < DAY_MS) {
        orphans[id] = since;
        continue;
      }
      await tx.objectStore("photos").delete(id);
      await tx.objectStore("chunks").delete(IDBKeyRange.bound([id, 0], [id, Infinity]));
    }
    await tx.objectStore("meta").put(orphans, ORPHANS_KEY);
  });
