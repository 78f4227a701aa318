// The approver's half of the seed. It is drawn after the commitment was shown, and kept with it before it is sent: so
// that the same is sent again after a lost answer, and that both can be compared with the proof.
import { uuid } from "../../session/uuid";
import { keep, readKept } from "./kept";

export interface Nonce {
  commitment: string;
  nonce: string;
  /** The idempotency key of the step. */
  key: string;
  /** When it was drawn, by this device. */
  at: string;
}

/** Longer than a batch takes, in milliseconds: it is compared with the proof after the release. Source: our choice. */
const KEPT_MS = 400 * 24 * 3_600_000;

const name = (batch: string) => `nonce/${batch}`;

/** What this browser drew for a commitment; `null` if it drew nothing. */
export function nonceOf(batch: string, commitment: string): Nonce | null {
  const kept = readKept<Nonce>(name(batch), KEPT_MS);
  return kept?.commitment === commitment ? kept : null;
}

/** 32 bytes, drawn once for each commitment. */
export function drawNonce(batch: string, commitment: string): Nonce {
  const known = nonceOf(batch, commitment);
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const nonce = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const drawn = { commitment, nonce, key: uuid(), at: new Date().toISOString() };
  keep(name(batch), drawn);
  return drawn;
}
