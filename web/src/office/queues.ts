// What waits for the office, by kind of decision.
import type { Action, OfficeIssue, RequestKind, State } from "../api/types";

export type QueueKind = "review" | "release" | "check" | "redispatch" | "extension" | "dispute" | "hang";

interface Queue {
  kind: QueueKind;
  /** What fills it: a state, or a request that waits beside the state. */
  state: State | null;
  request: RequestKind | null;
  /** The step that empties it, as the service allows it; never a rule of ours. */
  step: Action;
}

export const QUEUES: Queue[] = [
  { kind: "review", state: "submitted", request: null, step: "approve" },
  { kind: "release", state: "sealed", request: null, step: "release" },
  { kind: "check", state: "reported", request: null, step: "pass" },
  { kind: "redispatch", state: "redispatch", request: null, step: "reassign" },
  { kind: "extension", state: null, request: "extension", step: "decide-extension" },
  { kind: "hang", state: null, request: "hang", step: "decide-hang" },
  { kind: "dispute", state: null, request: "dispute", step: "decide-dispute" },
];

/** Requests that wait for the office, wherever their issues stand. */
export const REQUESTED = QUEUES.flatMap(({ request }) => request ?? []);

export const queueOf = (kind: string | null): Queue =>
  QUEUES.find((queue) => queue.kind === kind) ?? (QUEUES[0] as Queue);

/**
 * What the service is asked for: the queue, with those that have waited longest first. Most of these have no deadline
 * that could order them.
 */
export const queueFilter = (queue: Queue): string =>
  `${queue.state ? `state=${queue.state}` : `pending=${queue.request ?? ""}`}&sort=oldest`;

/** In the queue, and still to be decided by whoever is signed in. */
export const isWaiting = (queue: Queue, issue: OfficeIssue): boolean =>
  issue.allowed_actions.includes(queue.step) ||
  issue.state === queue.state ||
  issue.requests.some((request) => request.kind === queue.request && request.state === "pending");
