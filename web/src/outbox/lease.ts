// The lock to send where the browser has no locks, and over plain HTTP: a part of its own, since few need it.
import { isFull } from "../store/database";
import { releaseLease, takeLease } from "../store/lease";
import { uuid } from "../session/uuid";
import type { SendLock } from "./sendLock";

const NAME = "outbox";
/**
 * Renewed several times before it ends; timers of a page in the background run once a minute, and then it may lose it.
 */
const RENEW_MS = 8_000;
const page = uuid();

/** Does the work if no other page is at it. `onTaken` hears how to let go in the middle of it. */
export async function underLease(
  work: (lock: SendLock) => Promise<void>,
  onTaken: (letGo: () => void) => void,
): Promise<boolean> {
  // With no room to write it down it cannot be taken, and sending is what makes room: two at once are right, but twice
  // the data.
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
