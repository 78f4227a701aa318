// Takes one step on many issues, one after the other. The service decides for each whether it is allowed.
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";

export type Outcome = "done" | "conflict" | "failed" | "skipped";
export interface Result<I> {
  issue: I;
  outcome: Outcome;
  failure: Failure | null;
}

/** Somebody else has changed the issue since it was read. */
export const isConflict = (failure: Failure): boolean =>
  failure.code === "stale-version" || failure.code === "issue-illegal-transition";
/** Failures that every following call would have as well. */
const endsAll = (failure: Failure): boolean =>
  failure.isUnreachable ||
  failure.status === 401 ||
  failure.code === "other-account" ||
  failure.status === 429 ||
  failure.status >= 500;

/** Takes the step on each. Stops if going on is pointless or was cancelled; the rest is skipped, not failed. */
export async function runInTurn<I>(
  issues: I[],
  perform: (issue: I) => Promise<I>,
  onResult: (result: Result<I>) => void,
  isCancelled: () => boolean,
): Promise<Result<I>[]> {
  const results: Result<I>[] = [];
  let hasEnded = false;
  for (const issue of issues) {
    let result: Result<I> = { issue, outcome: "skipped", failure: null };
    if (!hasEnded && !isCancelled()) {
      try {
        result = { issue: await perform(issue), outcome: "done", failure: null };
      } catch (cause) {
        const failure = asFailure(cause);
        result = { issue, outcome: isConflict(failure) ? "conflict" : "failed", failure };
        hasEnded = endsAll(failure);
      }
    }
    results.push(result);
    onResult(result);
  }
  return results;
}
