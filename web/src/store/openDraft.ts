// Which form is open. Android may kill the browser while the camera is open; then the form is opened again.
import { write } from "./database";
import type { Writing } from "./database";

const KEY = "open-draft";
interface OpenDraft {
  draftId: string;
  address: string;
}

/** Saved with the draft in one transaction, so that only existing drafts are opened again. */
export const markOpen = (tx: Writing, draftId: string, address: string): Promise<unknown> =>
  tx.objectStore("meta").put({ draftId, address } satisfies OpenDraft, KEY);

/** Removes the mark if it is for this draft; another window may have marked another form. */
export async function unmarkOpen(tx: Writing, draftId: string): Promise<void> {
  const store = tx.objectStore("meta");
  if (((await store.get(KEY)) as OpenDraft | undefined)?.draftId === draftId) await store.delete(KEY);
}

/** For a form that is closed on purpose. */
export const closeOpen = (draftId: string): Promise<void> => write(["meta"], (tx) => unmarkOpen(tx, draftId));

/** Returns the address of the form that was open when the page was killed, and removes it. */
export const takeOpen = (): Promise<string | null> =>
  write(["meta", "drafts"], async (tx) => {
    const open = (await tx.objectStore("meta").get(KEY)) as OpenDraft | undefined;
    if (!open) return null;
    await tx.objectStore("meta").delete(KEY);
    return (await tx.objectStore("drafts").getKey(open.draftId ?? "")) === undefined ? null : open.address;
  });
