import { withDatabase } from "./database";
import type { StoredPhoto } from "./records";

export const readPhoto = (id: string): Promise<StoredPhoto | undefined> => withDatabase((db) => db.get("photos", id));

/** The original, or `null` if a chunk is missing. */
export function readOriginal(id: string): Promise<Blob | null> {
  return withDatabase(async (db) => {
    const photo = await db.get("photos", id);
    if (!photo) return null;
    const chunks = await db.getAll("chunks", IDBKeyRange.bound([id, 0], [id, Infinity]));
    const blob = new Blob(chunks, { type: photo.type });
    return blob.size === photo.sizeBytes ? blob : null;
  });
}
