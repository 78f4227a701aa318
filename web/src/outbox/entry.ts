// A record to send and how it moves; pure, so that a table test can hold it.
import type { Action, FieldCode, Report, State } from "../api/types";
import type { FailureCode } from "../api/failure";
import type { PhotoRef } from "../store/records";
import { PAUSE_LONGEST_MS, pauseBefore, handlingOf } from "./retryPolicy";

export type OutboxState = "waiting" | "sending" | "attention" | "delivered";

/** What went wrong last, as far as a person or a retry needs it. */
export interface Setback {
  code: FailureCode | "photo-lost";
  /** The service's own words for it; older records have none. */
  title?: string | null;
  requestId: string | null;
  fields: { pointer: string; code: FieldCode }[];
  retryAfterMs: number | null;
}

/** What the service said when it had everything. */
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
  /** Earliest next attempt, in milliseconds since the epoch. */
  nextAt: number;
  setback: Setback | null;
  receipt: Receipt | null;
  createdAt: number;
  deliveredAt: number | null;
  /** `false` while nothing of it was ever sent; older records do not say. */
  isTried?: boolean;
}
export interface ReportEntry extends EntryBase {
  kind: "report";
  body: Report;
  /** The service has answered that it holds the report, with or without its photos; older records do not say. */
  isReceived?: boolean;
}
export interface AnswerEntry extends EntryBase {
  kind: "answer";
  action: Action;
  version: number;
  body: Record<string, unknown>;
  /** Names the step, however often it is sent: drawn with the record, for older ones before they are sent again. */
  key?: string;
  /** It may have been sent before it had a key, so that only the history can tell whether it landed. */
  wasKeyless?: boolean;
  /** The record that has to land first; this one then goes with the version which that one made. */
  after?: string | null;
}
export type OutboxEntry = ReportEntry | AnswerEntry;

export type OutboxEvent =
  /** With a key for a step that has none. */
  | { kind: "started"; key: string }
  | { kind: "received" }
  | { kind: "unblocked"; version: number | null }
  | { kind: "photo-sent"; photoId: string }
  | { kind: "delivered"; receipt: Receipt; at: number }
  | { kind: "failed"; setback: Setback; at: number; chance: number }
  | { kind: "paused" }
  | { kind: "asked-again"; at: number }
  | { kind: "rebased"; version: number; at: number };

/** The entry after the event. What was delivered stays delivered, whatever a slower tab still says. */
export function step(entry: OutboxEntry, event: OutboxEvent): OutboxEntry {
  if (entry.state === "delivered") return entry;
  switch (event.kind) {
    case "started":
      // What a person has to look at is not sent meanwhile.
      if (entry.state === "attention") return entry;
      if (entry.kind === "report" || entry.key !== undefined) return { ...entry, state: "sending", isTried: true };
      return { ...entry, state: "sending", isTried: true, key: event.key, wasKeyless: true };
    case "received":
      return entry.kind === "report" ? { ...entry, isReceived: true } : entry;
    case "unblocked":
      return entry.kind === "answer" ? { ...entry, after: null, version: event.version ?? entry.version } : entry;
    case "photo-sent":
      return entry.sentPhotos.includes(event.photoId)
        ? entry
        : { ...entry, sentPhotos: [...entry.sentPhotos, event.photoId] };
    case "delivered":
      return { ...entry, state: "delivered", setback: null, receipt: event.receipt, deliveredAt: event.at };
    case "failed":
      return afterFailure(entry, event.setback, event.at, event.chance);
    case "paused":
      return { ...entry, state: "waiting" };
    case "asked-again":
      return { ...entry, state: "waiting", attempts: 0, nextAt: event.at, setback: null };
    case "rebased":
      return entry.kind === "answer"
        ? { ...entry, version: event.version, state: "waiting", attempts: 0, nextAt: event.at, setback: null }
        : entry;
  }
}

function afterFailure(entry: OutboxEntry, setback: Setback, at: number, chance: number): OutboxEntry {
  const attempts = entry.attempts + 1;
  const handling = handlingOf(setback.code, attempts);
  switch (handling) {
    case "login":
      // Nothing is wrong with the record: it waits for the person, not for the clock.
      return { ...entry, state: "waiting", nextAt: at, setback };
    case "retry":
      return {
        ...entry,
        state: "waiting",
        attempts,
        nextAt: at + pauseBefore(attempts, setback.retryAfterMs, chance),
        setback,
      };
    case "attention":
      return { ...entry, state: "attention", attempts, setback };
  }
}

/** Whether it may be tried now. `sending` counts: whoever was sending it died, since only one may. */
export function isDue(entry: OutboxEntry, now: number): boolean {
  if (entry.state === "sending") return true;
  if (entry.state !== "waiting") return false;
  // Further ahead than any pause: the clock was set back since, and the record must not wait until it is there again.
  return entry.nextAt <= now || entry.nextAt - now > PAUSE_LONGEST_MS;
}

export const sizeOf = (entry: OutboxEntry): number => entry.photos.reduce((sum, photo) => sum + photo.sizeBytes, 0);

export const isUnsent = (entry: OutboxEntry): boolean => entry.state !== "delivered";
