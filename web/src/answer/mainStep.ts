import type { Action, Issue } from "../api/types";
import { entries } from "../outbox/drain";
import { isUnsent } from "../outbox/entry";
import { signInAhead } from "../outbox/order";

/** The steps that move an issue along its main road; what else is allowed is offered below, not shouted. */
const MAIN: Action[] = ["sign-in", "confirm-fix", "report-fix", "resubmit", "pass", "look-back"];

export const mainStep = (allowed: Action[]): Action | undefined => MAIN.find((action) => allowed.includes(action));

/**
 * What may be done now: while a step is on its way nothing but the fix behind a signing in, as both may be queued
 * without a network.
 */
export function stepsNow(issue: Pick<Issue, "id" | "allowed_actions">): Action[] {
  if (signInAhead(issue.id, entries.value)) return ["report-fix"];
  return entries.value.some((entry) => entry.issueId === issue.id && isUnsent(entry)) ? [] : issue.allowed_actions;
}
