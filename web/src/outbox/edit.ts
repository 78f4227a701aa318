// Takes a record back to a draft. A module of its own, loaded on demand.
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
import { saveEvents, withUnsavedEvents } from "./unsavedEvents";
import "../texts/withForms";

addTexts(zhOutbox);

/** Opens the form with the record in it, or says why not. */
export async function edit(id: string): Promise<string | null> {
  // Saves pending events first; a record that is being sent stays.
  const entry = await saveEvents(id);
  if (!entry) return t("edit.gone");
  const refusal = await refusalOf(entry);
  if (refusal !== null) return refusal;
  const result = await reopen(entry, (now) => toDraft(withUnsavedEvents(now), uuid, Date.now()));
  await changed();
  // The point or item may be out of use since; the form shows it as soon as it is known.
  openReference().catch(() => undefined);
  if (result.kind !== "draft") return t(`edit.${result.kind}`);
  go(`${draftLink(result.draft)}?edit=1`);
  return null;
}

/**
 * A report without an answer may have arrived, and under a new id it would exist twice. So the service is asked first.
 * An action cannot be taken twice, because it names the version it was taken on.
 */
async function refusalOf(entry: OutboxEntry): Promise<string | null> {
  if (entry.kind === "answer" || entry.isTried === false) return null;
  // The service has refused the report itself, so it does not exist there.
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
    await saveEvents(entry.id, {
      kind: "delivered",
      receipt: receiptOf(issue, issue.submitted_at ?? issue.received_at),
      at: Date.now(),
    });
    await changed();
    return t("edit.delivered");
  }
  await saveEvents(entry.id, { kind: "received" });
  // With a refused photo it never becomes complete, and the office never gets it for review.
  return entry.state === "attention" ? null : t("edit.received");
}
