// Actions that wait for another one of the same issue: a fix reported after a sign-in (签收), both queued without a
// network.
import type { AnswerEntry, OutboxEntry } from "./entry";

export type Readiness = { kind: "ready" } | { kind: "blocked" } | { kind: "unblocked"; version: number | null };

/** Whether the record may be sent, and with which version. `first` is what it waits for, where that is still here. */
export function readinessOf(entry: OutboxEntry, first: OutboxEntry | undefined): Readiness {
  if (entry.kind !== "answer" || !entry.after) return { kind: "ready" };
  // The other record was deleted: the service will say whether this one still fits.
  if (!first) return { kind: "unblocked", version: null };
  if (first.state === "delivered") return { kind: "unblocked", version: first.receipt?.version ?? null };
  // What it waits for has been done by somebody else: the service will say whether this one still fits.
  const overtaken = first.state === "attention" ? first.setback?.overtaken : undefined;
  return overtaken ? { kind: "unblocked", version: overtaken.version } : { kind: "blocked" };
}

/** A queued sign-in (签收) that needs no attention: the fix may be queued after it. */
export const pendingSignIn = (issueId: string, entries: OutboxEntry[]): AnswerEntry | undefined => {
  const pending = entries.filter((entry) => entry.issueId === issueId && entry.state !== "delivered");
  const [only] = pending;
  return pending.length === 1 && only?.kind === "answer" && only.action === "sign-in" && only.state !== "attention"
    ? only
    : undefined;
};
