// How many wait in each queue.
import { countIssues } from "../api/counts";
import { issueQuery } from "../api/query";
import type { Counts } from "../api/types";
import { useCached } from "../ui/useCached";
import type { Cached } from "../ui/useCached";
import { QUEUES, REQUESTED } from "./queues";
import type { QueueKind } from "./queues";

export interface QueueCounts {
  /** Counts of all issues by state. */
  states: Cached<Counts>;
  /** Those that are known so far. */
  counts: Partial<Record<QueueKind, number>>;
  recount: () => void;
}

export function useQueueCounts(): QueueCounts {
  const states = useCached<Counts>("counts", () => countIssues(""));
  // The table is constant, so the order of hooks is too.
  const requested = REQUESTED.map(
    (kind) => [kind, useCached<Counts>(`counts/${kind}`, () => countIssues(issueQuery({ pending: kind })))] as const,
  );
  const counts: Partial<Record<QueueKind, number>> = {};
  for (const { kind, state, request } of QUEUES) {
    const total = state
      ? states.body && (states.body.by_state[state] ?? 0)
      : requested.find(([asked]) => asked === request)?.[1].body?.total;
    if (total !== undefined && total !== null) counts[kind] = total;
  }
  return {
    states,
    counts,
    recount: () => {
      for (const kept of [states, ...requested.map(([, one]) => one)]) kept.reload();
    },
  };
}
