// A visit that waits in the outbox names its reports, and these can still be taken back and changed.
import type { OutboxEntry } from "../outbox/entry";
import { withReport } from "../outbox/visitEntry";
import type { Writing } from "./database";

/** Puts a report that was saved into the visit that it was found on, if that one was never sent. */
export async function followReport(tx: Writing, entry: OutboxEntry): Promise<void> {
  const visitId = entry.kind === "report" ? entry.body.visit_id : null;
  if (entry.kind !== "report" || !visitId) return;
  const visit = await tx.objectStore("outbox").get(visitId);
  if (visit?.kind === "visit" && visit.isTried === false) await tx.objectStore("outbox").put(withReport(visit, entry));
}
