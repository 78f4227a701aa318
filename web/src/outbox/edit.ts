// Taking a record back to change it: a part of its own, fetched when somebody wants to.
import { readIssue } from "../api/issues";
import { asFailure } from "../api/failure";
import type { FinderIssue } from "../api/types";
import { draftLink } from "../inspector/UnfinishedDrafts";
import { go } from "../router";
import { openReference } from "../session/reference";
import { uuid } from "../session/uuid";
import { reopen } from "../store/reopen";
import { addTexts, t } from "../texts";
import { zhOutbox } from "../texts/zh/outbox";
import { failureText } from "../ui/failureText";
import { toDraft } from "./toDraft";
import { changed } from "./drain";
import type { OutboxEntry, ReportEntry } from "./entry";
import { receiptOf } from "./send";
import { withUnsavedEvents, note } from "./unsavedEvents";
import "../texts/withForms";

addTexts(zhOutbox);

/** Opens the form with the record in it, or says why not. */
export async function edit(id: string): Promise<string | null> {
  // What could not be written before is written first: what is being sent stays.
  const entry = await note(id);
  if (!entry) return t("edit.gone");
  const refusal = await refusalOf(entry);
  if (refusal !== null) return refusal;
  const result = await reopen(entry, (now) => toDraft(withUnsavedEvents(now), uuid, Date.now()));
  await changed();
  // What was refused may be out of use since; the form says so as soon as it is known.
  openReference().catch(() => undefined);
  if (result.kind !== "draft") return t(`edit.${result.kind}`);
  go(draftLink(result.draft));
  return null;
}

/**
 * A report whose last sending got no answer may have arrived, and under a new id it would be there twice: so it is
 * asked for first. A step cannot be taken twice, whatever its id: it names the version that it was taken on.
 */
async function refusalOf(entry: OutboxEntry): Promise<string | null> {
  if (entry.kind === "answer" || entry.isTried === false) return null;
  // The service refused the report itself, so there is nothing of it there.
  if (entry.state === "attention" && entry.isReceived === false) return null;
  try {
    return await refusalBy((await readIssue(entry.issueId, entry.userId)) as FinderIssue, entry);
  } catch (cause) {
    const failure = asFailure(cause);
    return failure.code === "not-found" ? null : t("edit.ask", { why: failureText(failure) });
  }
}

async function refusalBy(issue: FinderIssue, entry: ReportEntry): Promise<string | null> {
  if (issue.missing_photos.length === 0) {
    await note(entry.id, {
      kind: "delivered",
      receipt: receiptOf(issue, issue.submitted_at ?? issue.received_at),
      at: Date.now(),
    });
    await changed();
    return t("edit.delivered");
  }
  await note(entry.id, { kind: "received" });
  // With a photo that was refused it never becomes whole, and the office never gets it to review.
  return entry.state === "attention" ? null : t("edit.received");
}
