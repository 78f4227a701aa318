// Keeps what is on screen up to date: a request waits at the service until something changed that this account can see.
// It comes after the first screen; importing it begins that. See docs/adr/0031.
import { computed, effect, untracked } from "@preact/signals";
import { asFailure, failureOf } from "../api/failure";
import { accountHeader, BASE, loggedOut, noteResponse, noteSessionEnd, parse } from "../api/request";
import type { Schemas } from "../api/types";
import { refreshes } from "./foreground";
import { may, session } from "./session";

/** How long the service holds a request back, in seconds. Source: the REST contract, the most it takes. */
export const WAIT_S = 25;
/** Longest wait for the answer: some networks lose a connection without telling. */
const ANSWER_WAIT_MS = (WAIT_S + 10) * 1_000;
/** Shortest time between two refreshes, and before asking again where the service held nothing back. Source: our
 * choice. */
export const REST_MS = 4_000;
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

let movedAt = -Infinity;
for (const kind of ["pointermove", "pointerdown", "wheel", "touchmove", "keydown"])
  addEventListener(
    kind,
    () => {
      movedAt = performance.now();
    },
    { capture: true, passive: true },
  );

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until the hand has been at rest for a moment: nothing moves away under a finger or a pointer. */
async function handAtRest(): Promise<void> {
  for (let left = STILL_MS; left > 0; left = movedAt + STILL_MS - performance.now()) await pause(left);
}

/** The number that the account's changes have reached; waits for another one than `seen`. */
async function ask(seen: number | null, stop: AbortController): Promise<number> {
  const timer = setTimeout(() => stop.abort(), ANSWER_WAIT_MS);
  try {
    const query = seen === null ? "" : `?seen=${seen}&wait=${WAIT_S}`;
    const response = await fetch(`${BASE}/changes${query}`, {
      headers: accountHeader(),
      credentials: "same-origin",
      signal: stop.signal,
    });
    const text = await response.text();
    noteResponse(response.headers.get("Date"));
    if (response.ok) return (parse(text) as Schemas["ChangesView"]).seen;
    const failure = failureOf(response.status, text, response.headers.get("Retry-After"));
    noteSessionEnd(failure, false);
    throw failure;
  } finally {
    clearTimeout(timer);
  }
}

/** The number that each account had seen when its pages were last drawn. */
const seenBy = new Map<string, number>();

async function watch(id: string, stop: AbortController): Promise<void> {
  let wait = RETRY_MS;
  while (!stop.signal.aborted) {
    const began = performance.now();
    const before = seenBy.get(id) ?? null;
    try {
      const now = await ask(before, stop);
      wait = RETRY_MS;
      if (before !== null && now !== before) {
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
      await pause(wait);
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
