// What waits for the office, by kind of decision.
import type { Action, OfficeIssue, State } from "../api/types";

export type QueueKind = "review" | "release" | "check" | "redispatch" | "extension" | "dispute";

interface Queue {
  kind: QueueKind;
  /** The state that fills it; requests wait beside the state. */
  state: State | null;
  /** The step that empties it, as the service allows it; never a rule of ours. */
  step: Action;
}

export const QUEUES: Queue[] = [
  { kind: "review", state: "submitted", step: "approve" },
  { kind: "release", state: "sealed", step: "release" },
  { kind: "check", state: "reported", step: "pass" },
  { kind: "redispatch", state: "redispatch", step: "reassign" },
  { kind: "extension", state: null, step: "decide-extension" },
  { kind: "dispute", state: null, step: "decide-dispute" },
];

/** States in which a request may be waiting. Source: docs/generated/lifecycle.md. */
const WITH_REQUESTS: State[] = ["assigned", "rectifying", "rework", "reported", "hung"];

export const queueOf = (kind: string | null): Queue => QUEUES.find((queue) => queue.kind === kind) ?? (QUEUES[0] as Queue);

/** Queries whose answers together hold the queue. */
export const queueQueries = (queue: Queue): string[] =>
  (queue.state ? [queue.state] : WITH_REQUESTS).map((state) => `state=${state}&sort=due_at&limit=200`);

/** In the queue, and still to be decided by whoever is signed in. */
export const isWaiting = (queue: Queue, issue: OfficeIssue): boolean =>
  issue.allowed_actions.includes(queue.step) || issue.state === queue.state;
