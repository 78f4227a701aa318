// Notices when somebody comes back to the app: what is shown may be outdated.
import { signal } from "@preact/signals";

/** Increases when somebody comes back after long enough. */
export const returnCount = signal(0);
/** A shorter absence, such as reading a message, refreshes nothing. Source: our choice. */
export const AWAY_MIN_MS = 30_000;

let leftAt: number | null = null;

export function noteVisibility(isVisible: boolean, now: number): void {
  if (!isVisible) {
    leftAt ??= now;
    return;
  }
  // A clock that was set back makes the duration unknown.
  const wasLong = leftAt !== null && Math.abs(now - leftAt) >= AWAY_MIN_MS;
  leftAt = null;
  if (wasLong) returnCount.value += 1;
}

document.addEventListener("visibilitychange", () => noteVisibility(document.visibilityState === "visible", Date.now()));
