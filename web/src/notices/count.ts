// Counts unread notices: when this file is loaded, which is after the first screen; when somebody logs in, comes back
// or has a step delivered; and every minute while the app is visible. Importing this file starts the counting.
import { computed, effect, untracked } from "@preact/signals";
import { asFailure } from "../api/failure";
import { countUnread } from "../api/notices";
import { loggedOut, reachable } from "../api/request";
import { deliveries } from "../outbox/drain";
import { refreshes } from "../session/foreground";
import { may, session } from "../session/session";
import { unread } from "../session/unread";

/** The pause between two looks. Source: our choice. */
export const LOOK_MS = 60_000;
/** What a step tells others is delivered in the background, and steps come in rows. Source: our choice. */
export const SETTLE_MS = 2_000;

let timer: ReturnType<typeof setTimeout> | undefined;
let askedAt = 0;
/** Counts the answers that are worth waiting for: an older one says what is not true any more. */
let turn = 0;
/** The service was not reached. */
let isUnanswered = false;

/** The account whose notices are counted; `null` while nobody is signed in, and for roles that have none. */
const account = computed(() =>
  session.value && !session.value.mustChangePassword && !loggedOut.value && may("read-notices")
    ? session.value.user.id
    : null,
);

/** Takes a count that came with something else. */
export function noteUnread(count: number): void {
  turn += 1;
  unread.value = count;
}

function askIn(ms: number): void {
  clearTimeout(timer);
  if (account.peek() !== null && document.visibilityState === "visible") timer = setTimeout(() => void ask(), ms);
}

async function ask(): Promise<void> {
  turn += 1;
  const mine = turn;
  askedAt = Date.now();
  isUnanswered = false;
  askIn(LOOK_MS);
  try {
    const count = await countUnread();
    if (mine === turn) unread.value = count;
  } catch (cause) {
    const failure = asFailure(cause);
    isUnanswered = failure.isUnreachable;
    // The account has another role by now.
    if (failure.code === "forbidden") clearTimeout(timer);
  }
}

effect(() => {
  void refreshes.value;
  if (account.value === null) {
    clearTimeout(timer);
    askedAt = 0;
    noteUnread(0);
  } else if (document.visibilityState === "visible") untracked(() => void ask());
});
effect(() => {
  if (deliveries.value > 0) untracked(() => askIn(SETTLE_MS));
});
effect(() => {
  if (reachable.value && isUnanswered) untracked(() => askIn(0));
});
document.addEventListener("visibilitychange", () =>
  // As if it had not been hidden; a clock that was set back must not stop it.
  askIn(Math.max(0, Math.min(LOOK_MS, askedAt + LOOK_MS - Date.now()))),
);
