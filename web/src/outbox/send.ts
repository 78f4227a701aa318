// Sends one record. Every call can be repeated, so a lost answer costs one more call and nothing else.
import { asFailure, Failure } from "../api/failure";
import type { FailureCode } from "../api/failure";
import type { Action, Event, FinderIssue, Issue, OfficeEvent, Report } from "../api/types";
import type { AnswerEntry, OutboxEntry, Receipt, ReportEntry, VisitEntry } from "./entry";

/** What sending needs from outside. Passed in, so that tests need no network and no database. */
export interface Transport {
  putReport(id: string, report: Report): Promise<FinderIssue>;
  /** Called when the service has the report, before any photo is sent. */
  received(): Promise<void>;
  /** Whether originals have to wait for Wi-Fi. */
  originalsWait(): boolean;
  sendPhoto(id: string, bytes: Blob, sha256: string | null, onSent: (bytes: number) => void): Promise<unknown>;
  act(id: string, action: Action, version: number, body: unknown, key: string | undefined): Promise<Issue>;
  readIssue(id: string): Promise<Issue>;
  readEvents(id: string): Promise<(Event | OfficeEvent)[]>;
  readOriginal(id: string): Promise<Blob | null>;
  /** Called when a photo has arrived; the next one waits for it. */
  photoSent(id: string): Promise<void>;
  progress(photoId: string, bytes: number): void;
}

/** The photo's bytes are no longer on this device. */
export class OriginalLost extends Error {
  readonly photoId: string;
  constructor(photoId: string) {
    super();
    this.photoId = photoId;
  }
}

/** The report has arrived; its originals wait for Wi-Fi. */
export class OriginalsWait extends Error {}

/** How often the service may report missing photos again before it counts as a failure. */
const ROUNDS_MAX = 3;

/** What the service answers when it has a record: the photos that it misses, and the receipt once it misses none. */
export interface Answered {
  missing: string[];
  receipt: Receipt;
}

export async function send(entry: OutboxEntry, transport: Transport): Promise<Receipt> {
  if (entry.kind === "answer") return sendAnswer(entry, transport);
  if (entry.kind === "report") return sendWhole(entry, transport, () => putReport(entry, transport));
  // Inspectors alone have visits, so not with the first screen. Where it cannot be loaded, it is tried again later.
  const { putVisit } = await import("./putVisit");
  return sendWhole(entry, transport, () => putVisit(entry));
}

async function putReport({ id, body }: ReportEntry, transport: Transport): Promise<Answered> {
  const issue = await transport.putReport(id, body);
  return { missing: issue.missing_photos, receipt: receiptOf(issue, issue.submitted_at ?? issue.received_at) };
}

/** The record goes first: it is small, and the office sees it while photos are still being sent. */
async function sendWhole(
  entry: ReportEntry | VisitEntry,
  transport: Transport,
  put: () => Promise<Answered>,
): Promise<Receipt> {
  let isReceived = entry.isReceived ?? false;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { missing, receipt } = await put();
    if (!isReceived) await transport.received();
    isReceived = true;
    // Delivered means that the service names no missing photo, not that we think we sent them.
    if (missing.length === 0) return receipt;
    for (const id of missing) {
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
    const isGone = entry.action === "withdraw" && failure.code === "not-found";
    if (!isGone && !MAYBE_APPLIED.includes(failure.code)) throw failure;
    // Rare, so not with the first screen. Where it cannot be loaded, the record is tried again later.
    return (await import("./refusal")).afterRefusal(entry, failure, transport);
  }
}

/** A fix counts from when it was written. The service compares this device's clock with its own. */
function bodyOf(entry: AnswerEntry): Record<string, unknown> {
  if (entry.action !== "report-fix") return entry.body;
  return { ...entry.body, composed_at: new Date(entry.createdAt).toISOString(), sent_at: new Date().toISOString() };
}

/** What the service may answer if an earlier attempt without a key was taken and its answer lost. */
const MAYBE_APPLIED: readonly FailureCode[] = ["stale-version", "issue-illegal-transition", "request-pending"];

async function sendPhoto(entry: OutboxEntry, id: string, transport: Transport): Promise<void> {
  const bytes = await transport.readOriginal(id);
  if (!bytes) throw new OriginalLost(id);
  const sha256 = entry.photos.find((photo) => photo.id === id)?.sha256 ?? null;
  try {
    await transport.sendPhoto(id, bytes, sha256, (sent) => transport.progress(id, sent));
  } catch (cause) {
    const failure = asFailure(cause);
    failure.photoId = id;
    throw failure;
  }
  await transport.photoSent(id);
}

export function receiptOf(issue: Issue, at: string | null): Receipt {
  return { at: at ?? new Date().toISOString(), state: issue.state, version: issue.version, number: issue.number };
}
