// The queues of the office: what waits for it, by kind of decision.
import { issueQuery } from "../api/query";
import type { Action, OfficeIssue, RequestKind, State } from "../api/types";
import { keysOf } from "../keysOf";
import { DECISIONS, decisionOf } from "./decisions";

export type QueueKind = "review" | "release" | "check" | "redispatch" | "extension" | "dispute" | "hang";

/** The queue that an issue in each state waits in, if any. */
const QUEUE_OF_STATE: Record<State, QueueKind | null> = {
  receiving: null,
  submitted: "review",
  returned: null,
  sealed: "release",
  assigned: null,
  rectifying: null,
  redispatch: "redispatch",
  reported: "check",
  rework: null,
  hung: null,
  closed: null,
  archived: null,
  void: null,
};
/** The queue that each kind of request waits in, whatever the state of its issue. */
const QUEUE_OF_REQUEST: Record<RequestKind, QueueKind> = { extension: "extension", hang: "hang", dispute: "dispute" };
/** As they stand beside each other. */
const ORDER: Record<QueueKind, true> = {
  review: true,
  release: true,
  check: true,
  redispatch: true,
  extension: true,
  hang: true,
  dispute: true,
};

export interface Queue {
  kind: QueueKind;
  /** What fills it: a state or a request. */
  state: State | null;
  request: RequestKind | null;
  /** The decision that is offered first. */
  action: Action;
}

export const QUEUES: Queue[] = keysOf(ORDER).map((kind) => ({
  kind,
  state: keysOf(QUEUE_OF_STATE).find((state) => QUEUE_OF_STATE[state] === kind) ?? null,
  request: keysOf(QUEUE_OF_REQUEST).find((request) => QUEUE_OF_REQUEST[request] === kind) ?? null,
  action: keysOf(DECISIONS).find((action) => decisionOf(action).queue === kind) ?? "approve",
}));

/** Requests that wait for the office, wherever their issues stand. */
export const REQUESTED = QUEUES.flatMap(({ request }) => request ?? []);

export const queueOf = (kind: string | null): Queue =>
  QUEUES.find((queue) => queue.kind === kind) ?? (QUEUES[0] as Queue);

/** The query of a queue, the longest waiting first: most of them have no deadline to sort by. */
export const queueFilter = ({ state, request }: Queue, words = ""): string =>
  issueQuery({ state, pending: request, q: words, sort: "oldest" });

/** In the queue, and still to be decided by whoever is signed in. */
export const isWaiting = (queue: Queue, issue: OfficeIssue): boolean =>
  issue.allowed_actions.includes(queue.action) ||
  issue.state === queue.state ||
  issue.requests.some((request) => request.kind === queue.request && request.state === "pending");
