// Which form is open. Android kills the browser while its camera is open; whoever comes back finds the form as it was.
import { write } from "./database";
import type { Writing } from "./database";

const KEY = "open-draft";
interface OpenDraft {
  draftId: string;
  address: string;
}

/** With the draft itself, in one transaction: a form that is no draft any more is never opened again. */
export const markOpen = (tx: Writing, draftId: string, address: string): Promise<unknown> =>
  tx.objectStore("meta").put({ draftId, address } satisfies OpenDraft, KEY);

/** Takes the mark away if it is this draft's; another window may have another form open. */
export async function unmarkOpen(tx: Writing, draftId: string): Promise<void> {
  const store = tx.objectStore("meta");
  if (((await store.get(KEY)) as OpenDraft | undefined)?.draftId === draftId) await store.delete(KEY);
}

/** For a form that is left on purpose: nothing to bring back by itself. */
export const closeOpen = (draftId: string): Promise<void> => write(["meta"], (tx) => unmarkOpen(tx, draftId));

/** The address of the form that was open when the page was killed, once. */
export const takeOpen = (): Promise<string | null> =>
  write(["meta", "drafts"], async (tx) => {
    const open = (await tx.objectStore("meta").get(KEY)) as OpenDraft | undefined;
    if (!open) return null;
    await tx.objectStore("meta").delete(KEY);
    return (await tx.objectStore("drafts").getKey(open.draftId ?? "")) === undefined ? null : open.address;
  });
