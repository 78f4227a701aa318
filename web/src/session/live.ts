// Keeps the screen up to date: a request waits at the service until something changes that this account can see. It is
// loaded after the first screen; importing it starts the waiting. See docs/adr/0031.
import { computed, effect, untracked } from "@preact/signals";
import { changesAfter } from "../api/changes";
import { asFailure } from "../api/failure";
import { handRest, loggedOut } from "../api/request";
import { refreshes } from "./foreground";
import { myRole } from "../roles";
import { may, session } from "./session";

/**
 * Shortest time between two refreshes, in milliseconds, and before asking again where the service held nothing back.
 * Source: our choice.
 */
export const REST_MS = 4_000;
/** Pages that learn of one change at once ask again spread over this long. Source: our choice. */
export const SPREAD_MS = 2_000;
/** After a failure, doubled with each further one up to the second. Source: our choice. */
export const RETRY_MS = 5_000;
const RETRY_MAX_MS = 60_000;
/** A hand that has not moved for so long is at rest: rows may move now. Source: our choice. */
export const STILL_MS = 1_000;

/** The account whose pages are watched; `null` while nobody is logged in, and for roles that read no issues. */
const account = computed(() =>
  session.value && !session.value.mustChangePassword && !loggedOut.value && may("read-issue")
    ? session.value.user.id
    : null,
);

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const spread = () => pause(Math.random() * SPREAD_MS);

/** Waits until the hand has been at rest for a moment: nothing moves away under a finger or a pointer. */
async function handAtRest(): Promise<void> {
  while (handRest() < STILL_MS) await pause(STILL_MS - handRest());
}

/** The number that each account had seen when its pages were last drawn. */
const seenBy = new Map<string, number>();

async function watch(id: string, stop: AbortController): Promise<void> {
  let wait = RETRY_MS;
  while (!stop.signal.aborted) {
    const began = performance.now();
    const before = seenBy.get(id) ?? null;
    try {
      const now = await changesAfter(before, stop.signal);
      wait = RETRY_MS;
      // At a desk what was read before the first answer may have changed since; phones wait for the next change.
      if (before === null ? myRole().isAtDesk : now !== before) {
        if (before !== null) await spread();
        await handAtRest();
        if (stop.signal.aborted) return;
        refreshes.value += 1;
      }
      seenBy.set(id, now);
      if (before !== null) await pause(Math.max(0, began + REST_MS - performance.now()));
    } catch (cause) {
      if (stop.signal.aborted) return;
      // Nobody is logged in any more, or the account has another role: another account begins anew.
      if ([401, 403].includes(asFailure(cause).status)) return;
      await pause(wait + Math.random() * SPREAD_MS);
      wait = Math.min(RETRY_MAX_MS, wait * 2);
    }
  }
}

let current: AbortController | null = null;
function begin(): void {
  current?.abort();
  current = null;
  const id = account.peek();
  if (id === null || document.visibilityState !== "visible") return;
  current = new AbortController();
  void watch(id, current);
}
effect(() => {
  void account.value;
  untracked(begin);
});
document.addEventListener("visibilitychange", begin);
