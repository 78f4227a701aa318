// Earlier reports of this person that help to write the next one. Pure.
import type { InspectorIssue, Severity } from "../api/types";
import { isOpen } from "../states";
import type { OutboxEntry, ReportEntry } from "../outbox/entry";

export interface EarlierReport {
  id: string;
  at: string;
  title: string;
  state: InspectorIssue["state"] | null;
}

const isReport = (entry: OutboxEntry): entry is ReportEntry => entry.kind === "report";

/**
 * Open reports of this person for this item at this place: those the service listed, and those still on this phone.
 */
export function reportedBefore(
  issues: InspectorIssue[],
  entries: OutboxEntry[],
  here: { pointId: string; itemCode: string; ownId: string; replaces?: string[] | undefined },
): EarlierReport[] {
  const told: EarlierReport[] = issues
    .filter((issue) => issue.point.id === here.pointId && issue.item_code === here.itemCode && isOpen(issue.state))
    .map((issue) => ({
      id: issue.id,
      at: "captured_at" in issue ? issue.captured_at : issue.found_on.date,
      title: issue.point.name,
      state: issue.state,
    }));
  const known = new Set(issues.map((issue) => issue.id));
  const kept: EarlierReport[] = entries
    .filter(isReport)
    .filter(
      (entry) =>
        entry.body.point_id === here.pointId && entry.body.item_code === here.itemCode && !known.has(entry.issueId),
    )
    .filter((entry) => entry.state !== "delivered" || (entry.receipt !== null && isOpen(entry.receipt.state)))
    .map((entry) => ({
      id: entry.issueId,
      at: entry.body.captured_at,
      title: entry.title,
      state: entry.state === "delivered" ? (entry.receipt?.state ?? null) : null,
    }));
  // What was never complete is withdrawn before the changed report is sent.
  const isReplaced = (one: EarlierReport) => one.state === "receiving" && here.replaces?.includes(one.id);
  return [...kept, ...told]
    .filter((one) => one.id !== here.ownId && !isReplaced(one))
    .sort((a, b) => b.at.localeCompare(a.at));
}

export interface LastReport {
  pointId: string | null;
  itemCode: string;
  severity: Severity;
}

/** The last report that this phone knows. */
export function lastReport(entries: OutboxEntry[]): LastReport | null {
  const [latest] = entries.filter(isReport).sort((a, b) => b.createdAt - a.createdAt);
  return latest
    ? { pointId: latest.body.point_id ?? null, itemCode: latest.body.item_code, severity: latest.body.severity }
    : null;
}
