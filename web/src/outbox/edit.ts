// Takes a record back to a draft. A module of its own, loaded on demand.
import { readIssue } from "../api/issues";
import { readVisit } from "../api/visits";
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
import { changed, drain } from "./drain";
import type { OutboxEntry, ReportEntry } from "./entry";
import { receiptOf } from "./send";
import { saveEvents, withUnsavedEvents } from "./unsavedEvents";
import { withdrawalOf } from "./withdrawal";
import "../texts/withForms";

addTexts(zhOutbox);

/** Opens the form with the record in it, or says why not. */
export async function edit(id: string): Promise<string | null> {
  // Saves pending events first; a record that is being sent stays.
  const entry = await saveEvents(id);
  if (!entry) return t("edit.gone");
  const standing = await standingOf(entry);
  if (typeof standing === "object") return standing.refusal;
  const result = await reopen(entry, (now) => ({
    ...toDraft(withUnsavedEvents(now), uuid, Date.now()),
    withdrawal: standing === "held" ? withdrawalOf(now, uuid(), Date.now()) : undefined,
  }));
  await changed();
  void drain();
  // The point or item may be out of use since; the form shows it as soon as it is known.
  openReference().catch(() => undefined);
  if (result.kind !== "draft") return t(`edit.${result.kind}`);
  go(`${draftLink(result.draft)}?edit=1`);
  return null;
}

/** What the service has of a record: nothing that matters, a report that waits for photos, or too much for a change. */
type Standing = "nothing" | "held" | { refusal: string };

/**
 * A report without an answer may have arrived, and under a new id it would exist twice. So the service is asked first.
 * Where it has answered before that it waits for photos, no network is needed: its part is withdrawn before the changed
 * report is sent. An action cannot be taken twice, because it names the version it was taken on.
 */
async function standingOf(entry: OutboxEntry): Promise<Standing> {
  if (entry.kind === "answer" || entry.isTried === false) return "nothing";
  // The service has refused the record itself, so it does not exist there; unless it has an older one of a visit.
  const mayBeOlder = entry.kind === "visit" && entry.setback?.code === "id-reused";
  if (entry.state === "attention" && entry.isReceived === false && !mayBeOlder) return "nothing";
  try {
    if (entry.kind === "visit") {
      await readVisit(entry.id, entry.userId);
      await saveEvents(entry.id, { kind: "received" });
      return { refusal: t("edit.delivered") };
    }
    return await standingBy((await readIssue(entry.issueId, entry.userId)) as FinderIssue, entry);
  } catch (cause) {
    const failure = asFailure(cause);
    if (failure.code === "not-found") return "nothing";
    if (failure.isUnreachable && entry.isReceived && entry.kind === "report") return "held";
    return { refusal: t("edit.ask", { why: failureText(failure) }) };
  }
}

async function standingBy(issue: FinderIssue, entry: ReportEntry): Promise<Standing> {
  if (issue.state === "void") return "nothing";
  if (issue.missing_photos.length === 0) {
    await saveEvents(entry.id, {
      kind: "delivered",
      receipt: receiptOf(issue, issue.submitted_at ?? issue.received_at),
      at: Date.now(),
    });
    await changed();
    return { refusal: t("edit.delivered") };
  }
  await saveEvents(entry.id, { kind: "received" });
  return "held";
}
