// Uploads one photo in pieces that fit the network, and goes on after any failure.
import { asFailure } from "../api/failure";
import type { FailureCode } from "../api/failure";
import type { PhotoFacts } from "../api/uploads";

/** The calls it uses. Passed in, so that tests need no network. */
export interface Uploads {
  begin(facts: PhotoFacts, piece: Blob | null): Promise<number>;
  stand(id: string): Promise<number | null>;
  append(id: string, offset: number, piece: Blob): Promise<number>;
  /** The whole photo in one request. */
  putWhole(facts: PhotoFacts, bytes: Blob, onSent: (bytes: number) => void): Promise<unknown>;
  now(): number;
}

/** The size of the next piece, the largest that a proxy accepts, and the number of time-outs in a row. */
export interface Pace {
  bytes: number;
  most: number;
  timeouts: number;
}

const KIB = 1024;
const STEPS: readonly number[] = [64 * KIB, 256 * KIB, 1024 * KIB, 4096 * KIB];
export const PACE_FIRST: Pace = { bytes: 256 * KIB, most: 4096 * KIB, timeouts: 0 };
/** A piece that took less time makes the next one larger. */
const QUICK_MS = 1_000;
const TIMEOUTS_MAX = 2;

/** The pace after a piece was stored, in so many milliseconds. */
export function quicker(pace: Pace, sent: number, tookMs: number): Pace {
  const larger =
    tookMs < QUICK_MS && sent >= pace.bytes ? STEPS.find((step) => step > pace.bytes && step <= pace.most) : undefined;
  return { ...pace, bytes: larger ?? pace.bytes, timeouts: 0 };
}

/** The pace after a time-out. */
export function slower(pace: Pace): Pace {
  const timeouts = pace.timeouts + 1;
  return timeouts < TIMEOUTS_MAX ? { ...pace, timeouts } : { ...pace, bytes: STEPS[0] ?? pace.bytes, timeouts: 0 };
}

/** The pace after a proxy refused a piece as too large. nginx allows 1 MiB by default. */
export function smaller(pace: Pace): Pace {
  const most = [...STEPS].reverse().find((step) => step < pace.bytes) ?? pace.bytes;
  return { ...pace, bytes: most, most };
}

/** After these failures the offset is asked for, and the upload goes on from there. */
const RESUMABLE: readonly FailureCode[] = [
  "offline",
  "timeout",
  "unreadable",
  "request-timeout",
  "body-incomplete",
  "upload-offset",
  "checksum-mismatch",
  "not-found",
  "body-too-large",
];
/** The service or a proxy does not take pieces, or no more of them. */
const WHOLE_INSTEAD: readonly FailureCode[] = [
  "unreadable",
  "not-found",
  "method-not-allowed",
  "tus-version",
  "too-many-uploads",
];
/** Failures in a row without progress; then the record has to wait for its next attempt. */
const FAILURES_MAX = 4;
/** How often an upload may disappear. With several nodes that do not share uploads it would never end. */
const BEGINNINGS_MAX = 3;

/** Resolves when the service has the whole photo. */
export async function upload(
  facts: PhotoFacts,
  bytes: Blob,
  calls: Uploads,
  onSent: (bytes: number) => void,
): Promise<void> {
  let pace = PACE_FIRST;
  let failures = 0;
  let beginnings = 0;
  // `null`: no upload is known.
  let at: number | null = null;
  while (at === null || at < bytes.size) {
    try {
      if (at === null) {
        if (beginnings === BEGINNINGS_MAX) return await whole(facts, bytes, calls, onSent);
        beginnings += 1;
        at = await announce(facts, bytes, calls, pace);
      } else {
        const piece = bytes.slice(at, at + pace.bytes);
        const began = calls.now();
        at = await calls.append(facts.id, at, piece);
        pace = quicker(pace, piece.size, calls.now() - began);
      }
      failures = 0;
      onSent(at);
    } catch (cause) {
      const { code } = asFailure(cause);
      if (at === null ? WHOLE_INSTEAD.includes(code) : code === "method-not-allowed")
        return whole(facts, bytes, calls, onSent);
      failures += 1;
      if (!RESUMABLE.includes(code) || failures >= FAILURES_MAX) throw cause;
      if (code === "timeout") pace = slower(pace);
      if (code === "body-too-large") pace = smaller(pace);
      const stands = await calls.stand(facts.id);
      // A part of the broken piece may have been stored.
      if (stands !== null && stands > (at ?? 0)) failures = 0;
      at = stands;
      if (at !== null) onSent(at);
    }
  }
}

/**
 * A small photo is sent with the creation of the upload. A large one is not, because parts of it may already be there.
 */
function announce(facts: PhotoFacts, bytes: Blob, calls: Uploads, pace: Pace): Promise<number> {
  return calls.begin(facts, bytes.size <= pace.bytes ? bytes : null);
}

async function whole(facts: PhotoFacts, bytes: Blob, calls: Uploads, onSent: (bytes: number) => void): Promise<void> {
  await calls.putWhole(facts, bytes, onSent);
}
