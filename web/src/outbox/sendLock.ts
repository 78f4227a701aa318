// Whose lock it is to send: one page at a time, and no page that has gone to sleep or died keeps it.

/** One page's lock. Whoever has lost it stops where it is: another page goes on from there. */
export interface SendLock {
  isOurs(): Promise<boolean>;
}
type Work = (lock: SendLock) => Promise<void>;

let letGo: (() => void) | null = null;

/** Does the work if no other page is at it, and tells whether it was done. */
export async function withSendLock(work: Work): Promise<boolean> {
  try {
    if (navigator.locks) return await underLock(work);
    const part = await import("./lease").catch(() => null);
    if (part)
      return await part.underLease(work, (release) => {
        letGo = release;
      });
    // A page older than the service: two that send at once are right, but twice the data.
    await work({ isOurs: () => Promise.resolve(true) });
    return true;
  } finally {
    letGo = null;
  }
}

async function underLock(work: Work): Promise<boolean> {
  let isOurs = true;
  const begun: Promise<void>[] = [];
  await navigator.locks.request("outbox", { ifAvailable: true }, (lock) => {
    if (!lock) return undefined;
    const released = new Promise<void>((resolve) => {
      letGo = () => {
        isOurs = false;
        resolve();
      };
    });
    const running = work({ isOurs: () => Promise.resolve(isOurs) });
    begun.push(running);
    // A page that goes to sleep lets go in the middle of its work.
    return Promise.race([running, released]);
  });
  await Promise.all(begun);
  return begun.length > 0;
}

/** To be called when the page is left or put to sleep: it may come back, or not. */
export function releaseSendLock(): void {
  letGo?.();
}
