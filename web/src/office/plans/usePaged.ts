// Pages of a list, one after the other.
import { useEffect, useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";

export interface Paged<T> {
  rows: T[];
  hasMore: boolean;
  isLoading: boolean;
  failure: Failure | null;
  more: () => void;
}

/** The list of this name; another name begins anew. */
export function usePaged<T>(
  name: string,
  load: (cursor: string | null) => Promise<{ items: T[]; next_cursor: string | null }>,
): Paged<T> {
  const [state, setState] = useState<Omit<Paged<T>, "more"> & { cursor: string | null }>({
    rows: [],
    hasMore: false,
    isLoading: true,
    failure: null,
    cursor: null,
  });
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const isFirst = turn === 0;
    setState((old) =>
      isFirst ? { ...old, rows: [], cursor: null, isLoading: true, failure: null } : { ...old, isLoading: true },
    );
    void load(isFirst ? null : state.cursor)
      .then((page) => {
        if (!isCurrent) return;
        setState((old) => ({
          rows: isFirst ? page.items : [...old.rows, ...page.items],
          hasMore: page.next_cursor !== null,
          cursor: page.next_cursor,
          isLoading: false,
          failure: null,
        }));
      })
      .catch((cause: unknown) => {
        if (isCurrent) setState((old) => ({ ...old, isLoading: false, failure: asFailure(cause) }));
      });
    return () => {
      isCurrent = false;
    };
  }, [name, turn]);
  useEffect(() => setTurn(0), [name]);
  return { ...state, more: () => setTurn((value) => value + 1) };
}
