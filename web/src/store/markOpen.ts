// Marks which form is open. A file of its own, because the start only looks for the mark (openDraft.ts).
import { write } from "./database";
import type { Writing } from "./database";
import { OPEN_KEY } from "./openDraft";
import type { OpenDraft } from "./openDraft";

/** Saved with the draft in one transaction, so that only existing drafts are opened again. */
export const markOpen = (tx: Writing, draftId: string, address: string): Promise<unknown> =>
  tx.objectStore("meta").put({ draftId, address } satisfies OpenDraft, OPEN_KEY);

/** Removes the mark if it is for this draft; another window may have marked another form. */
export async function unmarkOpen(tx: Writing, draftId: string): Promise<void> {
  const store = tx.objectStore("meta");
  if (((await store.get(OPEN_KEY)) as OpenDraft | undefined)?.draftId === draftId) await store.delete(OPEN_KEY);
}

/** For a form that is closed on purpose. */
export const closeOpen = (draftId: string): Promise<void> => write(["meta"], (tx) => unmarkOpen(tx, draftId));
