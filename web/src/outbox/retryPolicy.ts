import type { FailureCode } from "../api/failure";

export type FailureHandling = "retry" | "login" | "attention";

/** How often bytes that were damaged on the way are sent again before a person is asked. */
const DAMAGED_ATTEMPTS_MAX = 3;
const PAUSE_FIRST_MS = 1_000;
const PAUSE_MAX_MS = 60_000;
/** No pause is longer, whatever the service asks for. */
export const PAUSE_LONGEST_MS = 15 * 60_000;

/** What a failure asks for: patience, the person's password, or the person's judgement. */
export function handlingOf(code: FailureCode | "photo-lost", attempts: number): FailureHandling {
  switch (code) {
    case "not-signed-in":
    case "password-change-required":
    // Somebody else is signed in here: it waits for its own person.
    case "other-account":
      return "login";
    case "offline":
    case "timeout":
    case "unreadable":
    case "request-timeout":
    // A connection that broke off says nothing of the bytes: the same patience.
    case "body-incomplete":
    case "too-many-requests":
    case "sign-in-throttled":
    case "internal":
    case "unavailable":
    case "storage-full":
      return "retry";
    case "too-many-uploads":
      return "retry";
    case "upload-offset":
    case "checksum-mismatch":
    case "digest-mismatch":
    case "photo-truncated":
      return attempts < DAMAGED_ATTEMPTS_MAX ? "retry" : "attention";
    default:
      return "attention";
  }
}

/** Milliseconds to wait before the attempt after `attempts` failures: doubling, with jitter, at most a minute. */
export function pauseBefore(attempts: number, retryAfterMs: number | null, chance: number): number {
  const doubled = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** Math.min(attempts - 1, 10));
  const jittered = doubled * (0.75 + chance * 0.5);
  return Math.round(Math.min(PAUSE_LONGEST_MS, Math.max(jittered, retryAfterMs ?? 0)));
}
