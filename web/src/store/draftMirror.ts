// What was typed just before the page was closed. IndexedDB may not finish a write then, but localStorage is written at
// once. What is found here is merged into the draft and then removed.
import { mergedDraft } from "./mergeDraft";
import type { Draft } from "./records";

const PREFIX = "draft/";

/** The draft as it was shown, and as it was when it was last written. */
export interface Mirror {
  mine: Draft;
  base: Draft;
}

/** Runs `work` where there is a localStorage and it may be used. */
function tryStorage<T>(work: (storage: Storage) => T): T | null {
  try {
    return work(localStorage);
  } catch {
    return null;
  }
}

export const mirrorDraft = (mirror: Mirror): unknown =>
  tryStorage((storage) => storage.setItem(PREFIX + mirror.mine.id, JSON.stringify(mirror)));

export const dropMirror = (id: string): unknown => tryStorage((storage) => storage.removeItem(PREFIX + id));

/** What was mirrored of the draft, if it is this person's. */
export function mirrorOf(id: string, userId?: string): Mirror | null {
  const kept = tryStorage((storage) => JSON.parse(storage.getItem(PREFIX + id) ?? "null") as Mirror | null);
  return kept && (userId === undefined || kept.mine.userId === userId) ? kept : null;
}

export const mirroredIds = (): string[] =>
  tryStorage((storage) =>
    Object.keys(storage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length)),
  ) ?? [];

/** The draft with what was mirrored. Without a kept draft there are no kept photos either. */
export const withMirror = (kept: Draft | undefined, { mine, base }: Mirror): Draft =>
  kept ? mergedDraft(kept, mine, base) : { ...mine, photos: [] };
