// Cached answers of the service, for when there is no network.
import { withDatabase } from "./database";
import type { Cached, CachedPicture } from "./database";

export const readCached = (key: string): Promise<Cached | undefined> => withDatabase((db) => db.get("answers", key));
export const cacheAnswer = (key: string, kept: Cached): Promise<unknown> =>
  withDatabase((db) => db.put("answers", kept, key));

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

/** On logout the cached answers are deleted; unsent records stay. */
export function forgetAnswers(): Promise<void> {
  return withDatabase(async (db) => {
    const tx = db.transaction(["answers", "pictures"], "readwrite");
    await Promise.all([tx.objectStore("answers").clear(), tx.objectStore("pictures").clear(), tx.done]);
  });
}
