// Keeps a few capture numbers on the device where the county expects findings to name one. Fetched after the first
// screen.
import { effect } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { putSupply } from "../api/captureNonces";
import { clockAheadMs, loggedOut, reachable } from "../api/request";
import { reference } from "../session/reference";
import { session } from "../session/session";
import { uuid } from "../session/uuid";
import { keepSupply, readStock, supplyId, takeNumber } from "../store/nonces";
import type { CaptureNumber } from "../store/nonces";
import type { ReportDraft, VisitDraft } from "../store/records";
import type { DraftHandle } from "./useDraft";

/** With fewer good numbers more are asked for. Source: our choice; a supply has 32, a day some 20 findings. */
const LEAST = 12;

/** Whether the numbers are enough for the next hours without a network: some, that are good for half of their time. */
export function isEnough(numbers: CaptureNumber[], now: number): boolean {
  const lasting = numbers.filter(({ at, until }) => until - now > (until - at) / 2);
  return lasting.length >= LEAST;
}

const isExpected = (): boolean => reference.value?.capture_nonces === true;

let isAsking = false;
/** Asks for more where there are few. A failure is no news: the next time it is asked again. */
export async function restock(user: string): Promise<void> {
  if (isAsking || !isExpected() || loggedOut.value) return;
  isAsking = true;
  try {
    if (isEnough((await readStock(user)).numbers, Date.now())) return;
    const id = await supplyId(user, uuid());
    const { nonces, valid_until } = await putSupply(id, user);
    const at = Date.now();
    const until = Date.parse(valid_until) + (clockAheadMs.value ?? 0);
    await keepSupply(
      user,
      id,
      nonces.map((nonce) => ({ nonce, at, until })),
      at,
    );
  } catch {
    // Without a number a finding is sent all the same.
  } finally {
    isAsking = false;
  }
}

effect(() => {
  const user = session.value?.user.id;
  if (user && isExpected() && reachable.value && !loggedOut.value) void restock(user);
});

/**
 * Gives a draft its number once something of it was captured, at `capturedAt`. It is kept with the draft, and the
 * device needs no network for it.
 */
export function useNonce<D extends ReportDraft | VisitDraft>(handle: DraftHandle<D> | null, capturedAt: number | null) {
  const isTaking = useRef(false);
  const isMissing = handle !== null && capturedAt !== null && isExpected() && !handle.draft.fields.nonce;
  useEffect(() => {
    if (!isMissing || isTaking.current) return;
    isTaking.current = true;
    const { userId } = handle.draft;
    void takeNumber(userId, capturedAt)
      .then((nonce) => {
        if (nonce === null) return;
        handle.update((old) => (old.fields.nonce ? old : { ...old, fields: { ...old.fields, nonce } }));
        void restock(userId);
      })
      // It is tried again when something else is captured.
      .catch(() => undefined)
      .then(() => {
        isTaking.current = false;
      });
  }, [isMissing, capturedAt]);
}
