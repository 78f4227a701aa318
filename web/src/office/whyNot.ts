// Why the user who is logged in may not take a step that an issue waits for: the separation of duties, in words. The
// service decides; this only explains what it does not allow. Source: docs/generated/lifecycle.md, domain `Duty`.
import type { Action, OfficeIssue } from "../api/types";
import type { TextKey } from "../texts";

type Why = Extract<TextKey, `why.${string}`>;
type Explain = (issue: OfficeIssue, me: string) => Why | null;

const isFinder: Explain = (issue, me) => (issue.finder.id === me ? "why.finder" : null);
const hasVoted = (issue: OfficeIssue, me: string): boolean =>
  issue.requests.some((request) => request.state === "pending" && request.first_vote?.by.id === me);

const WHY: Partial<Record<Action, Explain>> = {
  approve: isFinder,
  "send-back": isFinder,
  reject: (issue, me) => isFinder(issue, me) ?? (issue.rejection?.by.id === me ? "why.rejected" : null),
  release: (issue, me) =>
    issue.approved_by?.id === me ? "why.approved" : issue.visit_id !== null ? "why.batch" : null,
  pass: (issue, me) => (issue.severity === "high" && issue.finder.id === me ? "why.found" : null),
  fail: (issue, me) => (issue.severity === "high" && issue.finder.id === me ? "why.found" : null),
  "decide-dispute": (issue, me) =>
    issue.approved_by?.id === me ? "why.judged" : hasVoted(issue, me) ? "why.voted" : null,
};

/** Why this person may not take a step that the issue is waiting for; `null` where they may, or nothing is known. */
export function whyNot(issue: OfficeIssue, action: Action, me: string): Why | null {
  if (issue.allowed_actions.includes(action)) return null;
  return WHY[action]?.(issue, me) ?? null;
}
