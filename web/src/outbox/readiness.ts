// Records that wait for another one: a fix reported after a sign-in (签收), both queued without a network, and a changed
// report behind the withdrawal of the one before the change; a visit behind its reports.
import type { AnswerEntry, OutboxEntry, ReportEntry } from "./entry";

export type Readiness =
  | { kind: "ready" }
  | { kind: "blocked" }
  | { kind: "unblocked"; version: number | null }
  /** What was to be withdrawn has arrived: the record would say it twice. */
  | { kind: "arrived" };

/** The steps that withdraw what this record replaces. */
export const withdrawalsFor = ({ replaces }: OutboxEntry, all: OutboxEntry[]): OutboxEntry[] =>
  all.filter((one) => one.kind === "answer" && one.action === "withdraw" && replaces?.includes(one.issueId));

/** Whether the record may be sent, and with which version. `all` are its person's records. */
export function readinessOf(entry: OutboxEntry, all: OutboxEntry[]): Readiness {
  if (entry.kind === "report") {
    const before = entry.isAnyway ? [] : withdrawalsFor(entry, all);
    if (before.some(({ state }) => state !== "delivered")) return { kind: "blocked" };
    return { kind: before.some(({ receipt }) => receipt?.state !== "void") ? "arrived" : "ready" };
  }
  if (entry.kind === "visit") {
    const hasArrived = (id: string) =>
      all.some((one) => one.id === id && (one.state === "delivered" || (one as ReportEntry).isReceived === true));
    return { kind: entry.isTried || entry.awaits.every(hasArrived) ? "ready" : "blocked" };
  }
  if (!entry.after) return { kind: "ready" };
  const first = all.find(({ id }) => id === entry.after);
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
