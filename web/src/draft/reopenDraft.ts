import { goInstead } from "../router";
import { takeOpen } from "../store/openDraft";

/** Opens the form that the phone killed; a device that cannot say which opens the first page. */
export async function reopenDraft(): Promise<void> {
  const address = await takeOpen().catch(() => null);
  if (address !== null && (location.hash === "" || location.hash === "#/")) goInstead(address);
}
