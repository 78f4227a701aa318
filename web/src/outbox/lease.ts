// A lease in the database instead of a Web Lock: for browsers without locks and for plain HTTP. A module of its own,
// since few need it.
import { isFull } from "../store/database";
import { releaseLease, takeLease } from "../store/lease";
import { uuid } from "../session/uuid";
import type { SendLock } from "./sendLock";

const NAME = "outbox";
/** Renewed several times before it expires. In a background tab timers run once a minute, and the lease may be lost. */
const RENEW_MS = 8_000;
const page = uuid();

/** Does the work if no other page is sending. `onTaken` gets a function that releases the lease early. */
export async function underLease(
  work: (lock: SendLock) => Promise<void>,
  onTaken: (letGo: () => void) => void,
): Promise<boolean> {
  // On a full device the lease cannot be saved, but sending frees space. Two pages sending at once is harmless.
  const take = () =>
    takeLease(NAME, page, Date.now()).catch((cause: unknown) => {
      if (!isFull(cause)) throw cause;
      return true;
    });
  if (!(await take())) return false;
  let isOurs = true;
  const release = () => releaseLease(NAME, page).catch(() => undefined);
  onTaken(() => {
    isOurs = false;
    void release();
  });
  const renewing = setInterval(
    () =>
      void take().then(
        (is) => {
          isOurs &&= is;
        },
        () => undefined,
      ),
    RENEW_MS,
  );
  try {
    await work({
      isOurs: async () => {
        isOurs &&= await take();
        return isOurs;
      },
    });
  } finally {
    clearInterval(renewing);
    if (isOurs) await release();
  }
  return true;
}
