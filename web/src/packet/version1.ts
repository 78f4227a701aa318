// Packets of version 1: one JSON object. Only read, and as a whole in memory.
import type { OutboxEntry } from "../outbox/entry";
import { write } from "../store/database";
import { CHUNK_BYTES } from "../store/drafts";
import type { StoredPhoto } from "../store/records";
import { fromBase64 } from "./format";
import { idsHere } from "./here";
import { NotAPacket, readText } from "./read";

interface OldPhoto {
  photo: Omit<StoredPhoto, "preview">;
  base64: string;
}
interface Old {
  entries: OutboxEntry[];
  photos: OldPhoto[];
}

/** Returns how many records were not here yet. */
export async function importVersion1(file: Blob, userId: string): Promise<number> {
  let old: Old;
  try {
    old = JSON.parse(await readText(file)) as Old;
  } catch {
    throw new NotAPacket(false);
  }
  const known = await idsHere(userId);
  const fresh = old.entries.filter((entry) => !known.has(entry.id) && entry.userId === userId);
  const photos = new Map(old.photos.map((one) => [one.photo.id, one]));
  for (const entry of fresh) {
    await write(["outbox", "photos", "chunks"], async (tx) => {
      for (const { id } of entry.photos) {
        const one = photos.get(id);
        if (!one) continue;
        const bytes = fromBase64(one.base64);
        for (let at = 0, index = 0; at < bytes.byteLength; at += CHUNK_BYTES, index += 1) {
          await tx.objectStore("chunks").put(bytes.slice(at, at + CHUNK_BYTES), [id, index]);
        }
        await tx.objectStore("photos").put({ ...one.photo, preview: null });
      }
      await tx.objectStore("outbox").put({ ...entry, state: "waiting", attempts: 0, nextAt: 0 });
    });
  }
  return fresh.length;
}
