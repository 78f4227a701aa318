import { goInstead } from "../router";
import { takeOpen } from "../store/openDraft";

/** Opens the form again that was open when the phone killed the page. */
export async function reopenDraft(): Promise<void> {
  const address = await takeOpen().catch(() => null);
  if (address !== null && (location.hash === "" || location.hash === "#/")) goInstead(address);
}
