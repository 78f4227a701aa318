// When somebody comes back to the app: what is on the screen may be old by then.
import { signal } from "@preact/signals";

/** Counts up when somebody comes back after long enough. */
export const returnCount = signal(0);
/** Shorter looks away, at a message say, ask for nothing anew. Source: our choice. */
export const AWAY_MIN_MS = 30_000;

let leftAt: number | null = null;

export function noteVisibility(isVisible: boolean, now: number): void {
  if (!isVisible) {
    leftAt ??= now;
    return;
  }
  // A clock that was set back while away tells nothing of how long that was.
  const wasLong = leftAt !== null && Math.abs(now - leftAt) >= AWAY_MIN_MS;
  leftAt = null;
  if (wasLong) returnCount.value += 1;
}

document.addEventListener("visibilitychange", () => noteVisibility(document.visibilityState === "visible", Date.now()));
