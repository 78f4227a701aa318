// Which form is open. Android may kill the browser while the camera is open; then the form is opened again.
import { write } from "./database";

export const OPEN_KEY = "open-draft";
export interface OpenDraft {
  draftId: string;
  address: string;
}

/** Returns the address of the form that was open when the page was killed, and removes it. */
export const takeOpen = (): Promise<string | null> =>
  write(["meta", "drafts"], async (tx) => {
    const open = (await tx.objectStore("meta").get(OPEN_KEY)) as OpenDraft | undefined;
    if (!open) return null;
    await tx.objectStore("meta").delete(OPEN_KEY);
    return (await tx.objectStore("drafts").getKey(open.draftId ?? "")) === undefined ? null : open.address;
  });
