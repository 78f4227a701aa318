// Whose turn it is to send: one page at a time, and no page that has gone to sleep or died keeps it.
import { releaseLease, takeLease } from "../store/lease";
import { uuid } from "../session/uuid";

/** One page's turn. Whoever has lost it stops where it is: another page goes on from there. */
export interface Turn { isOurs(): Promise<boolean> }

const NAME = "outbox";
/** Renewed several times before it ends; timers of a page in the background run once a minute, and then it may lose it. */
const RENEW_MS = 8_000;

const page = uuid();
let letGo: (() => void) | null = null;

/** Does the work if no other page is at it, and tells whether it was done. */
export const inTurn = (work: (turn: Turn) => Promise<void>): Promise<boolean> => (navigator.locks ? underLock(work) : underLease(work));

async function underLock(work: (turn: Turn) => Promise<void>): Promise<boolean> {
  let isOurs = true;
  const begun: Promise<void>[] = [];
  try {
    await navigator.locks.request(NAME, { ifAvailable: true }, (lock) => {
      if (!lock) return undefined;
      const released = new Promise<void>((resolve) => { letGo = () => { isOurs = false; resolve(); }; });
      const running = work({ isOurs: () => Promise.resolve(isOurs) });
      begun.push(running);
      // A page that goes to sleep lets go in the middle of its work.
      return Promise.race([running, released]);
    });
    await Promise.all(begun);
  } finally {
    letGo = null;
  }
  return begun.length > 0;
}

/** For browsers without locks, and for plain HTTP. */
async function underLease(work: (turn: Turn) => Promise<void>): Promise<boolean> {
  const take = () => takeLease(NAME, page, Date.now());
  if (!(await take())) return false;
  let isOurs = true;
  letGo = () => { isOurs = false; void releaseLease(NAME, page).catch(() => undefined); };
  const renewing = setInterval(() => void take().then((is) => { isOurs &&= is; }, () => undefined), RENEW_MS);
  try {
    await work({ isOurs: async () => { isOurs &&= await take(); return isOurs; } });
  } finally {
    clearInterval(renewing);
    letGo = null;
    if (isOurs) await releaseLease(NAME, page).catch(() => undefined);
  }
  return true;
}

/** To be called when the page is left or put to sleep: it may come back, or not. */
export function releaseTurn(): void {
  letGo?.();
}
