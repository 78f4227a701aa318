// Withdraws what the service has of a report that is changed or deleted on the phone before its photos are complete.
// Pure.
import type { AnswerEntry, OutboxEntry } from "./entry";

/** Until its photos are complete, nothing but its own arrival has happened to a report. */
const VERSION = 1;

/** Whether the service may have a part of it, as far as this device knows. */
export const isHeldInPart = (entry: OutboxEntry): boolean =>
  entry.kind === "report" && entry.isTried !== false && entry.isReceived !== false;

/** The step as a record of the outbox: sent like every other one. */
export const withdrawalOf = ({ userId, issueId, title }: OutboxEntry, id: string, now: number): AnswerEntry => ({
  kind: "answer",
  action: "withdraw",
  id,
  key: id,
  userId,
  issueId,
  title,
  version: VERSION,
  body: {},
  photos: [],
  sentPhotos: [],
  state: "waiting",
  attempts: 0,
  nextAt: 0,
  setback: null,
  receipt: null,
  createdAt: now,
  deliveredAt: null,
  isTried: false,
});
