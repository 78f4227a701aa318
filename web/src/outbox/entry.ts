// A record in the outbox and its state changes. Pure, so that it can be tested by tables.
import type { Action, FieldCode, Report, State, VisitBody } from "../api/types";
import type { PhotoRef } from "../store/records";
import { handlingOf, isDamage, PAUSE_LONGEST_MS, pauseBefore } from "./retryPolicy";
import type { SetbackCode } from "./retryPolicy";

export type OutboxState = "waiting" | "sending" | "attention" | "delivered";

/** The last failure, as far as a person or a retry needs it. */
export interface Setback {
  code: SetbackCode;
  /** The service's own words for it; older records have none. */
  title?: string | null;
  requestId: string | null;
  fields: { pointer: string; code: FieldCode }[];
  retryAfterMs: number | null;
  /** How the issue stood when a step was refused that is not possible any more. */
  overtaken?: { state: State; version: number } | null;
  /** The photo that it is about. */
  photoId?: string | null;
}

/** What the service answered when it had everything. */
export interface Receipt {
  at: string;
  state: State;
  version: number;
  number: string | null;
}

interface EntryBase {
  id: string;
  userId: string;
  issueId: string;
  title: string;
  photos: PhotoRef[];
  sentPhotos: string[];
  state: OutboxState;
  attempts: number;
  /** How often the photo that is being sent was damaged on its way; absent in records of older versions. */
  damages?: number;
  /** Earliest next attempt, in milliseconds since the epoch. */
  nextAt: number;
  setback: Setback | null;
  receipt: Receipt | null;
  createdAt: number;
  deliveredAt: number | null;
  /** `false` while no part of it was ever sent; missing in older records. */
  isTried?: boolean;
  /** The ids of the records that it was before it was taken back and changed. */
  replaces?: string[];
}
export interface ReportEntry extends EntryBase {
  kind: "report";
  body: Report;
  /** The service has the report, with or without its photos; missing in older records. */
  isReceived?: boolean;
  /** Its person wants it sent although what it replaces has arrived, too. */
  isAnyway?: boolean;
}
export interface AnswerEntry extends EntryBase {
  kind: "answer";
  action: Action;
  version: number;
  body: Record<string, unknown>;
  /** The idempotency key. It is created with the record; older records get one before they are sent again. */
  key?: string;
  /** It may have been sent without a key, so only the history can tell whether it was taken. */
  wasKeyless?: boolean;
  /** The record that has to be delivered first. This one is then sent with the version that results from it. */
  after?: string | null;
}
/** A visit; `issueId` is its own id, which it keeps when it is taken back: its reports name it. */
export interface VisitEntry extends EntryBase {
  kind: "visit";
  body: VisitBody;
  /** Its reports that the service did not have yet: these go first. */
  awaits: string[];
  /** The service has the visit, with or without its photos. */
  isReceived?: boolean;
}
export type OutboxEntry = ReportEntry | AnswerEntry | VisitEntry;

export type OutboxEvent =
  /** `key` is used if the record has none. */
  | { kind: "started"; key: string }
  | { kind: "received" }
  | { kind: "unblocked"; version: number | null }
  | { kind: "photo-sent"; photoId: string }
  | { kind: "delivered"; receipt: Receipt; at: number }
  | { kind: "failed"; setback: Setback; at: number; chance: number }
  | { kind: "paused" }
  | { kind: "asked-again"; at: number }
  | { kind: "rebased"; version: number; at: number };

/** The entry after the event. A delivered entry stays delivered, whatever a slower tab reports. */
export function applyEvent(entry: OutboxEntry, event: OutboxEvent): OutboxEntry {
  if (entry.state === "delivered") return entry;
  switch (event.kind) {
    case "started":
      // A record that needs attention is not sent meanwhile.
      if (entry.state === "attention") return entry;
      if (entry.kind !== "answer" || entry.key !== undefined) return { ...entry, state: "sending", isTried: true };
      return { ...entry, state: "sending", isTried: true, key: event.key, wasKeyless: true };
    case "received":
      return entry.kind === "answer" ? entry : { ...entry, isReceived: true };
    case "unblocked":
      return entry.kind === "answer"
        ? { ...entry, after: null, version: event.version ?? entry.version }
        : entry.kind === "report"
          ? { ...entry, isAnyway: true }
          : entry;
    case "photo-sent":
      return entry.sentPhotos.includes(event.photoId)
        ? entry
        : { ...entry, sentPhotos: [...entry.sentPhotos, event.photoId], damages: 0 };
    case "delivered":
      return { ...entry, state: "delivered", setback: null, receipt: event.receipt, deliveredAt: event.at };
    case "failed":
      return afterFailure(entry, event.setback, event.at, event.chance);
    case "paused":
      return { ...entry, state: "waiting" };
    case "asked-again":
      return { ...entry, state: "waiting", attempts: 0, damages: 0, nextAt: event.at, setback: null };
    case "rebased":
      return entry.kind === "answer"
        ? { ...entry, version: event.version, state: "waiting", attempts: 0, nextAt: event.at, setback: null }
        : entry;
  }
}

function afterFailure(entry: OutboxEntry, setback: Setback, at: number, chance: number): OutboxEntry {
  const attempts = entry.attempts + 1;
  // Failures of the network between two of them say nothing about the bytes.
  const damages = (entry.damages ?? 0) + Number(isDamage(setback.code));
  const handling = handlingOf(setback.code, damages);
  switch (handling) {
    case "login":
      // The record is fine: it waits for the login, not for a time.
      return { ...entry, state: "waiting", nextAt: at, setback };
    case "retry":
      return {
        ...entry,
        state: "waiting",
        attempts,
        damages,
        nextAt: at + pauseBefore(attempts, setback.retryAfterMs, chance),
        setback,
      };
    case "attention":
      return { ...entry, state: "attention", attempts, damages, setback };
  }
}

/** Whether it may be tried now. `sending` counts: only one page may send, so whoever was sending has died. */
export function isDue(entry: OutboxEntry, now: number): boolean {
  if (entry.state === "sending") return true;
  if (entry.state !== "waiting") return false;
  // Later than any pause allows: the clock was set back, and the record must not wait for it.
  return entry.nextAt <= now || entry.nextAt - now > PAUSE_LONGEST_MS;
}

/** Whether it will be sent without anybody doing anything. */
export const isWaiting = (entry: OutboxEntry): boolean => entry.state === "waiting" || entry.state === "sending";
export const isUnsent = (entry: OutboxEntry): boolean => entry.state !== "delivered";
