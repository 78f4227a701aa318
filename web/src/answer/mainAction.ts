import type { None } from "../actions";
import type { Action, Issue } from "../api/types";
import { entries } from "../outbox/drain";
import { isWaiting } from "../outbox/entry";
import { pendingSignIn } from "../outbox/readiness";
import type { MainAction } from "./forms";

/** The buttons that are shown first, the most important in front; other allowed actions are listed below. */
const MAIN = ["sign-in", "confirm-fix", "report-fix", "resubmit", "pass", "look-back"] as const;
/** Does not compile while a form that says `isMain` is not among them, or the other way round. */
export type Unordered = None<Exclude<MainAction, (typeof MAIN)[number]> | Exclude<(typeof MAIN)[number], MainAction>>;

export const mainAction = (allowed: Action[]): MainAction | undefined =>
  MAIN.find((action) => allowed.includes(action));

/**
 * The actions that can be taken now. While one is waiting to be sent there are none, except reporting the fix after a
 * sign-in (签收), because both can be queued without a network. One that was refused changes nothing.
 */
export function availableActions(issue: Pick<Issue, "id" | "allowed_actions">): Action[] {
  if (pendingSignIn(issue.id, entries.value)) return ["report-fix"];
  return entries.value.some((entry) => entry.issueId === issue.id && isWaiting(entry)) ? [] : issue.allowed_actions;
}
