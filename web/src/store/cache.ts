// What the service said last, for when it cannot be asked.
import { withDatabase } from "./database";
import type { Cached, CachedPicture } from "./database";

export const readCached = (key: string): Promise<Cached | undefined> => withDatabase((db) => db.get("answers", key));
export const keep = (key: string, kept: Cached): Promise<unknown> => withDatabase((db) => db.put("answers", kept, key));

/** Several at once, in one transaction. */
export function cacheAnswers(all: [key: string, kept: Cached][]): Promise<void> {
  return withDatabase(async (db) => {
    const tx = db.transaction("answers", "readwrite");
    await Promise.all([...all.map(([key, kept]) => tx.store.put(kept, key)), tx.done]);
  });
}

export const readPicture = (key: string): Promise<CachedPicture | undefined> =>
  withDatabase((db) => db.get("pictures", key));

export const readMeta = (key: string): Promise<unknown> => withDatabase((db) => db.get("meta", key));
export const writeMeta = (key: string, value: unknown): Promise<unknown> =>
  withDatabase((db) => db.put("meta", value, key));

/** On signing out nothing that the service said may stay for the next person; what is unsent stays. */
export function forgetAnswers(): Promise<void> {
  return withDatabase(async (db) => {
    const tx = db.transaction(["answers", "pictures"], "readwrite");
    await Promise.all([tx.objectStore("answers").clear(), tx.objectStore("pictures").clear(), tx.done]);
  });
}
