// A visit in the outbox. Pure.
import type { ReportEntry, VisitEntry } from "./entry";

/** The reports in it, which go first (ADR 0028). */
export const reportsIn = ({ body }: VisitEntry): string[] =>
  body.results.flatMap(({ issue }) => (issue ? [issue.id] : []));

/** The visit with this report of the item that fails, in place of the one that was taken back. */
export function withReport(visit: VisitEntry, { id, body: report }: ReportEntry): VisitEntry {
  const results = visit.body.results.map((one) =>
    one.result === "fails" && one.item_code === report.item_code ? { ...one, issue: { id, report } } : one,
  );
  const next = { ...visit, body: { ...visit.body, results } };
  return { ...next, awaits: reportsIn(next) };
}

/** The visit as a sudden one, for when its task cannot be carried out any more. It was refused, so it can change. */
export const withoutTask = (visit: VisitEntry, now: number): VisitEntry => ({
  ...visit,
  body: { ...visit.body, task: null },
  state: "waiting",
  attempts: 0,
  nextAt: now,
  setback: null,
});
