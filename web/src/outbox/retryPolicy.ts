import type { FailureCode } from "../api/failure";

/** Why a record was not delivered: what the call failed of, or what this app found out itself. */
export type SetbackCode =
  | FailureCode
  /** The bytes of a photo are no longer on this device. */
  | "photo-lost"
  /** It is a changed report, and the one before the change has arrived after all. */
  | "old-arrived";
export type FailureHandling = "retry" | "login" | "attention";

/** The attempt in a row that finds a photo damaged in transit after which a person is asked. */
const DAMAGES_MAX = 3;
const PAUSE_FIRST_MS = 1_000;
const PAUSE_MAX_MS = 60_000;
/** No pause is longer, whatever the service asks for. */
export const PAUSE_LONGEST_MS = 15 * 60_000;

/** Whether bytes of a photo were damaged on their way. */
export function isDamage(code: SetbackCode): boolean {
  return ["upload-offset", "checksum-mismatch", "digest-mismatch", "photo-truncated"].includes(code);
}

/**
 * What to do after a failure, which `damages` in a row found a photo damaged, this one included: retry, wait for the
 * login, or ask the person. A code that is not listed, or that only a newer service knows, is for the person.
 */
export function handlingOf(code: SetbackCode, damages: number): FailureHandling {
  switch (code) {
    case "not-signed-in":
    case "password-change-required":
    // Somebody else is logged in: it waits for its own account.
    case "other-account":
      return "login";
    case "offline":
    case "timeout":
    case "unreadable":
    case "request-timeout":
    // A broken connection says nothing about the bytes, so it is retried without limit.
    case "body-incomplete":
    case "too-many-requests":
    case "sign-in-throttled":
    case "internal":
    case "unavailable":
    case "storage-full":
    case "too-many-uploads":
      return "retry";
    default:
      return isDamage(code) && damages < DAMAGES_MAX ? "retry" : "attention";
  }
}

/** Milliseconds to wait before the attempt after `attempts` failures: doubling, with jitter, at most a minute. */
export function pauseBefore(attempts: number, retryAfterMs: number | null, chance: number): number {
  const doubled = Math.min(PAUSE_MAX_MS, PAUSE_FIRST_MS * 2 ** Math.min(attempts - 1, 10));
  const jittered = doubled * (0.75 + chance * 0.5);
  return Math.round(Math.min(PAUSE_LONGEST_MS, Math.max(jittered, retryAfterMs ?? 0)));
}
