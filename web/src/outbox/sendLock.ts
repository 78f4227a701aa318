// A lock, so that one page sends at a time. A page that is asleep or dead does not keep it.

/** The lock as held by one page. A page that has lost it stops, and another goes on. */
export interface SendLock {
  isOurs(): Promise<boolean>;
}
type Work = (lock: SendLock) => Promise<void>;

let letGo: (() => void) | null = null;

/** Does the work if no other page is sending. Returns whether it did. */
export async function withSendLock(work: Work): Promise<boolean> {
  try {
    if (navigator.locks) return await underLock(work);
    const part = await import("./lease").catch(() => null);
    if (part)
      return await part.underLease(work, (release) => {
        letGo = release;
      });
    // After an update of the service the module may be gone. Two pages sending at once is harmless.
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
    // A page that is frozen releases the lock in the middle of its work.
    return Promise.race([running, released]);
  });
  await Promise.all(begun);
  return begun.length > 0;
}

/** Call it when the page is hidden or frozen: it may never come back. */
export function releaseSendLock(): void {
  letGo?.();
}
