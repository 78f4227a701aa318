// Reads many issues by their ids, a few at a time, so that others' calls are not held up.
import { useEffect, useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { readIssue } from "../../api/issues";
import type { Issue } from "../../api/types";

/** Calls at a time. Source: our choice, far below what the service lets one person ask for. */
const AT_ONCE = 4;

export interface ReadAll<I> {
  /** Those that could be read, in the order of the ids. */
  issues: I[];
  /** How many are read or failed. */
  done: number;
  /** Those that could not be read, and why the first of them could not. */
  missing: string[];
  failure: Failure | null;
  isLoading: boolean;
  retry: () => void;
}

type Known = Map<string, Issue | Failure>;

export function useIssues<I extends Issue>(ids: string[]): ReadAll<I> {
  const [known, setKnown] = useState<Known>(new Map());
  const [attempt, setAttempt] = useState(0);
  const key = ids.join();
  useEffect(() => {
    let isCurrent = true;
    const wanted = ids.filter((id) => !isIssue(known.get(id)));
    setKnown((old) => new Map([...old].filter(([, what]) => isIssue(what))));
    let next = 0;
    const work = async () => {
      while (isCurrent && next < wanted.length) {
        const id = wanted[next++] ?? "";
        const what = await readIssue(id).catch(asFailure);
        if (isCurrent) setKnown((old) => new Map(old).set(id, what));
      }
    };
    for (let worker = 0; worker < AT_ONCE; worker += 1) void work();
    return () => {
      isCurrent = false;
    };
  }, [key, attempt]);
  const done = ids.filter((id) => known.has(id)).length;
  const missing = ids.filter((id) => known.has(id) && !isIssue(known.get(id)));
  return {
    issues: ids.map((id) => known.get(id)).filter(isIssue) as I[],
    done,
    missing,
    failure: (known.get(missing[0] ?? "") as Failure | undefined) ?? null,
    isLoading: done < ids.length,
    retry: () => setAttempt(attempt + 1),
  };
}

const isIssue = (what: Issue | Failure | undefined): what is Issue => what !== undefined && "point" in what;
