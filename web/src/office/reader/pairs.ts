// The two photos of an issue that are shown beside each other: before and after the fix.
import type { Schemas } from "../../api/types";

type Photo = Schemas["PublicPhoto"];

export interface Pair {
  before: Photo | null;
  after: Photo | null;
}

/** The fix of the last round counts; it was taken from where the far view was. */
export function pairOf(photos: Photo[]): Pair {
  const found = photos.filter((photo) => photo.stage === "found");
  const fixes = photos.filter((photo) => photo.stage === "fix");
  const last = Math.max(...fixes.map((photo) => photo.round));
  const latest = fixes.filter((photo) => photo.round === last);
  return {
    before: found.find((photo) => photo.view === "far") ?? found[0] ?? null,
    after: latest.find((photo) => photo.view === "same-angle") ?? latest[0] ?? null,
  };
}
