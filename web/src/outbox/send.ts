// Brings one record to the service. Every step may be repeated, so a lost answer costs a call and nothing else.
import { asFailure, Failure } from "../api/failure";
import type { FailureCode } from "../api/failure";
import type { Action, Event, FinderIssue, Issue, OfficeEvent, Report } from "../api/types";
import type { AnswerEntry, OutboxEntry, Receipt, ReportEntry } from "./entry";

/** What sending needs from outside; handed in, so that tests need neither network nor database. */
export interface Transport {
  putReport(id: string, report: Report): Promise<FinderIssue>;
  /** Told when the service holds the report, before any photo is sent. */
  received(): Promise<void>;
  /** Whether originals have to wait for another network. */
  originalsWait(): boolean;
  sendPhoto(id: string, bytes: Blob, sha256: string | null, onSent: (bytes: number) => void): Promise<unknown>;
  act(id: string, action: Action, version: number, body: unknown, key: string | undefined): Promise<Issue>;
  readIssue(id: string): Promise<Issue>;
  readEvents(id: string): Promise<(Event | OfficeEvent)[]>;
  readOriginal(id: string): Promise<Blob | null>;
  /** Told when a photo has arrived; before it resolves the next is not sent. */
  photoSent(id: string): Promise<void>;
  progress(photoId: string, bytes: number): void;
}

/** The photo's bytes are no longer on this device. */
export class OriginalLost extends Error {}

/** The report is there; its originals wait for another network. */
export class OriginalsWait extends Error {}

/** How often the service may name missing photos anew before that counts as its fault. */
const ROUNDS_MAX = 3;

export function send(entry: OutboxEntry, transport: Transport): Promise<Receipt> {
  return entry.kind === "report" ? sendReport(entry, transport) : sendAnswer(entry, transport);
}

/** The report first: it is small, and the office sees the case while photos are still on their way. */
async function sendReport(entry: ReportEntry, transport: Transport): Promise<Receipt> {
  let isReceived = entry.isReceived ?? false;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const issue = await transport.putReport(entry.id, entry.body);
    if (!isReceived) await transport.received();
    isReceived = true;
    // Delivered means that the service names no missing photo, not that we think we sent them.
    if (issue.missing_photos.length === 0) return receiptOf(issue, issue.submitted_at ?? issue.received_at);
    for (const id of issue.missing_photos) {
      if (transport.originalsWait()) throw new OriginalsWait();
      await sendPhoto(entry, id, transport);
    }
  }
  throw new Failure("unavailable");
}

async function sendAnswer(entry: AnswerEntry, transport: Transport): Promise<Receipt> {
  for (const photo of entry.photos) {
    if (!entry.sentPhotos.includes(photo.id)) await sendPhoto(entry, photo.id, transport);
  }
  try {
    return receiptOf(await transport.act(entry.issueId, entry.action, entry.version, bodyOf(entry), entry.key), null);
  } catch (cause) {
    const failure = asFailure(cause);
    if (!MAYBE_APPLIED.includes(failure.code)) throw failure;
    const applied = await findAppliedEvent(entry, transport);
    if (!applied) throw failure;
    return receiptOf(await transport.readIssue(entry.issueId), applied.at);
  }
}

/** What was written without a network counts from then: the service compares this device's clock with its own. */
function bodyOf(entry: AnswerEntry): Record<string, unknown> {
  if (entry.action !== "report-fix") return entry.body;
  return { ...entry.body, composed_at: new Date(entry.createdAt).toISOString(), sent_at: new Date().toISOString() };
}

/** What is answered to a step that an earlier attempt has taken, its own answer lost, where no key tells. */
const MAYBE_APPLIED: readonly FailureCode[] = ["stale-version", "issue-illegal-transition", "request-pending"];

/**
 * The event that this very answer made, if it did. Its photos prove it, since nobody else knows their ids. Without
 * any, the next version is a guess, and one that is made only of what may have been sent without a key: else it was a
 * colleague.
 */
async function findAppliedEvent(entry: AnswerEntry, transport: Transport): Promise<Event | OfficeEvent | undefined> {
  const mayGuess = entry.key === undefined || entry.wasKeyless === true;
  if (entry.photos.length === 0 && !mayGuess) return undefined;
  const events = await transport.readEvents(entry.issueId);
  return events.find(
    (event) =>
      event.version === entry.version + 1 &&
      event.action === entry.action &&
      entry.photos.every((photo) => event.photos.some((shown) => shown.id === photo.id)),
  );
}

async function sendPhoto(entry: OutboxEntry, id: string, transport: Transport): Promise<void> {
  const bytes = await transport.readOriginal(id);
  if (!bytes) throw new OriginalLost(id);
  const sha256 = entry.photos.find((photo) => photo.id === id)?.sha256 ?? null;
  await transport.sendPhoto(id, bytes, sha256, (sent) => transport.progress(id, sent));
  await transport.photoSent(id);
}

export function receiptOf(issue: Issue, at: string | null): Receipt {
  return { at: at ?? new Date().toISOString(), state: issue.state, version: issue.version, number: issue.number };
}
