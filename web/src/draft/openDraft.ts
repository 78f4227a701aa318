// Android kills the browser while its camera is open; whoever comes back finds the form as it was.
import { goInstead } from "../router";
import { readMeta, writeMeta } from "../store/answers";

/** Which form to open again after the phone has killed the page. */
export const OPEN_DRAFT_KEY = "open-draft";

/** Opens it; a device that cannot say which opens the first page. */
export async function reopenDraft(): Promise<void> {
  const address = await readMeta(OPEN_DRAFT_KEY).catch(() => null);
  if (typeof address !== "string") return;
  if (location.hash === "" || location.hash === "#/") goInstead(address);
  await writeMeta(OPEN_DRAFT_KEY, null).catch(() => undefined);
}
