// Takes one decision on many issues, one after the other. The service decides for each whether it is allowed.
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import type { DecisionAction } from "../actions";
import type { OfficeIssue } from "../api/types";
import { decisionFaults, isDecision } from "./decisions";
import type { Ask, DecisionFields } from "./decisions";

/** The decisions that are allowed on all these issues, in the order of the first. */
export function commonDecisions(issues: Pick<OfficeIssue, "allowed_actions">[]): DecisionAction[] {
  const [first, ...others] = issues;
  if (!first) return [];
  return first.allowed_actions
    .filter(isDecision)
    .filter((action) => others.every((issue) => issue.allowed_actions.includes(action)));
}

/** Fields that differ by issue: left empty, each issue keeps its own value. */
export const OWN_IN_BULK: Ask[] = ["severity", "unit"];
/** What only makes sense for one issue. */
export const NOT_IN_BULK: Ask[] = ["duplicate"];

export const bulkFaults = (action: DecisionAction, fields: DecisionFields): Ask[] =>
  decisionFaults(action, fields).filter((ask) => !OWN_IN_BULK.includes(ask));

export type Outcome = "done" | "conflict" | "failed" | "skipped";
export interface Result {
  issue: OfficeIssue;
  outcome: Outcome;
  failure: Failure | null;
}

/** Somebody else has changed the issue since it was read. */
export const isConflict = (failure: Failure): boolean =>
  failure.code === "stale-version" || failure.code === "issue-illegal-transition";
/** Failures that every following call would have as well. */
const endsAll = (failure: Failure): boolean =>
  failure.isUnreachable ||
  failure.status === 401 ||
  failure.code === "other-account" ||
  failure.status === 429 ||
  failure.status >= 500;

/** Takes the decision on each. Stops if going on is pointless or was cancelled; the rest is skipped, not failed. */
export async function runBulk(
  issues: OfficeIssue[],
  perform: (issue: OfficeIssue) => Promise<OfficeIssue>,
  onResult: (result: Result) => void,
  isCancelled: () => boolean,
): Promise<Result[]> {
  const results: Result[] = [];
  let hasEnded = false;
  for (const issue of issues) {
    let result: Result = { issue, outcome: "skipped", failure: null };
    if (!hasEnded && !isCancelled()) {
      try {
        result = { issue: await perform(issue), outcome: "done", failure: null };
      } catch (cause) {
        const failure = asFailure(cause);
        result = { issue, outcome: isConflict(failure) ? "conflict" : "failed", failure };
        hasEnded = endsAll(failure);
      }
    }
    results.push(result);
    onResult(result);
  }
  return results;
}

/** The selection after a click on the checkbox of row `at`; with Shift it covers all rows since the last click. */
export function selectTo(selected: ReadonlySet<string>, ids: string[], at: number, from: number | null): Set<string> {
  const next = new Set(selected);
  const id = ids[at];
  if (id === undefined) return next;
  const isOn = !selected.has(id);
  const [first, last] = from === null ? [at, at] : [Math.min(from, at), Math.max(from, at)];
  for (const one of ids.slice(first, last + 1)) {
    if (isOn) next.add(one);
    else next.delete(one);
  }
  return next;
}
