// One decision on many issues.
import type { DecisionAction } from "../actions";
import type { OfficeIssue } from "../api/types";
import type { Result as InTurn } from "../ui/inTurn";
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

export type Result = InTurn<OfficeIssue>;

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
