// Two windows may have one draft open, so what is written or shown is merged field by field. Pure.
import type { Draft, PhotoRef } from "./records";

export const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** `theirs`, with everything in it that `mine` has changed since `base`. */
function mergedKeys<T extends object>(theirs: T, mine: T, base: Partial<T>): T {
  const next = { ...theirs };
  for (const key of Object.keys(mine) as (keyof T)[]) {
    if (!isSame(mine[key], base[key])) next[key] = mine[key];
  }
  return next;
}

/** Items of a visit are filled in one by one; two windows may have filled in different ones. */
function mergedFields<T extends object>(theirs: T, mine: T, base: T): T {
  const next = mergedKeys(theirs, mine, base);
  const seenIn = (fields: object) => (fields as { seen?: object }).seen;
  const [kept, now] = [seenIn(theirs), seenIn(mine)];
  return kept && now ? { ...next, seen: mergedKeys(kept, now, seenIn(base) ?? {}) } : next;
}

/** The kept photos with the view and the marks that `mine` has changed. Photos come and go only on their own. */
const mergedPhotos = (theirs: PhotoRef[], mine: PhotoRef[], base: PhotoRef[]): PhotoRef[] =>
  theirs.map((photo) => {
    const now = mine.find(({ id }) => id === photo.id);
    return now ? mergedKeys(photo, now, base.find(({ id }) => id === photo.id) ?? photo) : photo;
  });

/** The draft as it is kept, with the fields that this window has changed since `base`. */
export const mergedDraft = <D extends Draft>(theirs: D, mine: D, base: D): D => ({
  ...theirs,
  fields: mergedFields(theirs.fields as object, mine.fields, base.fields) as D["fields"],
  photos: mergedPhotos(theirs.photos, mine.photos, base.photos),
  updatedAt: Math.max(theirs.updatedAt, mine.updatedAt),
});
