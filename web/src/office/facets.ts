// How many issues each choice of a filter would leave, given the other filters.
import { useEffect, useRef, useState } from "preact/hooks";
import { countIssues } from "../api/counts";
import type { Counts } from "../api/types";
import { useCached } from "../ui/useCached";
import { apiQuery } from "./filters";
import type { Filter } from "./filters";
import { doneCount } from "./held";

/** The filters of the address with one of them changed or taken out; order and page do not count. */
export function countQuery(address: URLSearchParams, name?: Filter, value = ""): string {
  const next = new URLSearchParams(address);
  next.delete("sort");
  if (name) next.delete(name);
  if (name && value) next.set(name, value);
  const query = new URLSearchParams(apiQuery(next, 1));
  query.delete("limit");
  return query.toString();
}

/** A count that is asked for whenever the filters change, or something was decided. */
export function useCount(query: string): Counts | undefined {
  const count = useCached<Counts>(`count?${query}`, () => countIssues(query));
  const done = doneCount.value;
  const heard = useRef(done);
  useEffect(() => {
    if (done === heard.current) return;
    heard.current = done;
    count.reload();
  }, [done]);
  return count.body;
}

/** The counts of a few choices, asked for when somebody is about to choose; nothing before. */
export function useChoiceCounts(address: URLSearchParams, name: Filter, values: string[], isWanted: boolean) {
  const [counts, setCounts] = useState<ReadonlyMap<string, number>>(new Map());
  const base = countQuery(address, name);
  const done = doneCount.value;
  useEffect(() => {
    setCounts(new Map());
    if (!isWanted) return;
    let isCurrent = true;
    void Promise.all(
      values.map(
        async (value): Promise<[string, number]> => [
          value,
          (await countIssues(countQuery(address, name, value))).total,
        ],
      ),
    ).then(
      (all) => {
        if (isCurrent) setCounts(new Map(all));
      },
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [base, isWanted, done]);
  return counts;
}
