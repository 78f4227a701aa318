// What the refusal of a step means: that this device took it before, that somebody else took it, or neither.
import type { Failure } from "../api/failure";
import type { Event, OfficeEvent } from "../api/types";
import type { AnswerEntry, Receipt } from "./entry";
import { receiptOf } from "./send";
import type { Transport } from "./send";

/** The receipt if the step was taken, else the failure with what is known of it. */
export async function afterRefusal(entry: AnswerEntry, failure: Failure, transport: Transport): Promise<Receipt> {
  if (entry.action === "withdraw") return withdrawn(entry, failure, transport);
  const applied = await findAppliedEvent(entry, transport);
  const now = await transport.readIssue(entry.issueId).catch((lost: unknown) => {
    if (applied) throw lost;
  });
  if (now && applied) return receiptOf(now, applied.at);
  // Somebody else has done it, or it is over: sending it again cannot succeed.
  if (now && !now.allowed_actions.includes(entry.action))
    failure.overtaken = { state: now.state, version: now.version };
  throw failure;
}

/**
 * A withdrawal is over when there is nothing left to withdraw: the report is void, was completed meanwhile, or never
 * existed. The receipt says which; none of it is a fault of anybody.
 */
async function withdrawn(entry: AnswerEntry, failure: Failure, transport: Transport): Promise<Receipt> {
  const nothing: Receipt = { at: new Date().toISOString(), state: "void", version: entry.version, number: null };
  if (failure.code === "not-found") return nothing;
  const now = await transport.readIssue(entry.issueId);
  if (!now.allowed_actions.includes("withdraw")) return receiptOf(now, null);
  return receiptOf(await transport.act(entry.issueId, "withdraw", now.version, entry.body, entry.key), null);
}

/**
 * Finds the event that this record caused. Its photos prove it, because nobody else knows their ids. Without photos
 * the next version is only a guess, made only for records that may have been sent without a key; otherwise it was
 * somebody else's action.
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
