// Which form is open. Android kills the browser while its camera is open; whoever comes back finds the form as it was.
import { withDatabase, write } from "./database";
import type { Writing } from "./database";

const KEY = "open-draft";
interface OpenDraft { draftId: string; address: string }

/** With the draft itself, in one transaction: a form that is no draft any more is never opened again. */
export const markOpen = (tx: Writing, draftId: string, address: string): Promise<unknown> =>
  tx.objectStore("meta").put({ draftId, address } satisfies OpenDraft, KEY);

/** Takes the mark away if it is this draft's; another window may have another form open. */
export async function unmarkOpen(tx: Writing, draftId: string): Promise<void> {
  const store = tx.objectStore("meta");
  if (((await store.get(KEY)) as OpenDraft | undefined)?.draftId === draftId) await store.delete(KEY);
}

/** Looks before it writes: a transaction that had nothing to write must not be taken for a sign that there is room. */
const isMarked = async (): Promise<boolean> => (await withDatabase((db) => db.getKey("meta", KEY))) !== undefined;

/** For a form that is left on purpose: nothing to bring back by itself. */
export async function closeOpen(draftId: string): Promise<void> {
  if (await isMarked()) await write(["meta"], (tx) => unmarkOpen(tx, draftId));
}

/** The address of the form that was open when the page was killed, once. */
export async function takeOpen(): Promise<string | null> {
  if (!(await isMarked())) return null;
  return write(["meta", "drafts"], async (tx) => {
    const open = (await tx.objectStore("meta").get(KEY)) as OpenDraft | undefined;
    if (!open) return null;
    await tx.objectStore("meta").delete(KEY);
    return (await tx.objectStore("drafts").getKey(open.draftId ?? "")) === undefined ? null : open.address;
  });
}
