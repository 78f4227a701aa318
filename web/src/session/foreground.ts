// Tells when what is shown may be outdated: somebody comes back to the app, or the service tells of a change
// (`live.ts`).
import { signal } from "@preact/signals";

/** Increases when somebody comes back after long enough. */
export const returnCount = signal(0);
/** Increases when what is shown is to be asked for again. */
export const refreshes = signal(0);
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
  if (!wasLong) return;
  returnCount.value += 1;
  refreshes.value += 1;
}

document.addEventListener("visibilitychange", () => noteVisibility(document.visibilityState === "visible", Date.now()));
