// One file that holds unsent records with their originals, to carry them past a phone that cannot send.
import { write } from "./database";
import { CHUNK_BYTES } from "./drafts";
import { listEntries } from "./outbox";
import { readOriginal, readPhoto } from "./originals";
import { isUnsent } from "../outbox/entry";
import type { OutboxEntry } from "../outbox/entry";
import type { StoredPhoto } from "./records";

interface CarriedPhoto { photo: Omit<StoredPhoto, "preview">; base64: string }
interface Carried { format: "anfang-unsent"; version: 1; entries: OutboxEntry[]; photos: CarriedPhoto[] }

export async function exportUnsent(userId: string): Promise<Blob> {
  const entries = (await listEntries(userId)).filter(isUnsent);
  const parts: BlobPart[] = [`{"format":"anfang-unsent","version":1,"entries":${JSON.stringify(entries)},"photos":[`];
  let comma = "";
  for (const { id } of entries.flatMap((entry) => entry.photos)) {
    const photo = await readPhoto(id);
    const bytes = await readOriginal(id);
    if (!photo || !bytes) continue;
    const { preview: _, ...rest } = photo;
    // Piece by piece, so that a shift's photos never lie in memory as one string.
    parts.push(`${comma}{"photo":${JSON.stringify(rest)},"base64":"${await toBase64(bytes)}"}`);
    comma = ",";
  }
  parts.push("]}");
  return new Blob(parts, { type: "application/json" });
}

/** Takes the records in under the present person; what is here already stays as it is. Returns how many are new. */
export async function importUnsent(file: Blob, userId: string): Promise<number> {
  const carried = JSON.parse(await readText(file)) as Carried;
  if (carried.format !== "anfang-unsent" || carried.version !== 1) throw new Error("another kind of file");
  const known = new Set((await listEntries(userId)).map((entry) => entry.id));
  // A record goes out in the name of whoever found it; another person's file is not this person's to send.
  const fresh = carried.entries.filter((entry) => !known.has(entry.id) && entry.userId === userId);
  const photos = new Map(carried.photos.map((one) => [one.photo.id, one]));
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

function toBase64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ""));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

function readText(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsText(blob);
  });
}

function fromBase64(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes.buffer;
}
