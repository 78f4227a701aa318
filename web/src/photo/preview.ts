import { readOriginal, readPhoto } from "../store/originals";
import { keepPreview } from "../store/previews";
import { makePreview } from "./readPhotoFile";

/** Those being made: one at a time, because each original is decoded in memory. */
const making = new Map<string, Promise<ArrayBuffer | null>>();
let last: Promise<unknown> = Promise.resolve();

/**
 * The preview of a kept photo. Where there is none, because the page died before it was made or the photo came from
 * another phone, it is made and kept. `null` if the browser cannot decode the photo, or it is not here.
 */
export async function previewOf(id: string): Promise<ArrayBuffer | null> {
  const kept = (await readPhoto(id).catch(() => undefined))?.preview;
  if (kept) return kept;
  const known = making.get(id);
  if (known) return known;
  const made = last.then(() => make(id)).catch(() => null);
  last = made;
  making.set(id, made);
  void made.then(() => making.delete(id));
  return made;
}

async function make(id: string): Promise<ArrayBuffer | null> {
  const original = await readOriginal(id);
  const preview = original && (await makePreview(original));
  // A full device shows it without keeping it.
  if (preview) await keepPreview(id, preview).catch(() => undefined);
  return preview;
}
