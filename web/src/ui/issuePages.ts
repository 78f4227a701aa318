// Long lists, loaded page by page by cursor, with the scroll position kept when somebody comes back.
import { useEffect, useRef, useState } from "preact/hooks";
import { listIssues } from "../api/issues";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { PAGE_MAX } from "../api/limits";
import type { Issue, Page } from "../api/types";
import { cameFrom } from "../router";
import { session } from "../session/session";
import { useIssueList } from "./issueList";
import type { Cached } from "./useCached";

interface Place {
  more: Row[];
  next: string | null | undefined;
  row: string | null;
  offset: number;
}
/** The position in each list, as long as the page lives. */
const places = new Map<string, Place>();

export interface Pages<R> {
  first: Cached<Page<R>>;
  rows: R[];
  /** Whether the service has more than is shown. */
  hasMore: boolean;
  isLoading: boolean;
  failure: Failure | null;
  more: () => void;
  /** Replaces a row by the service's answer to a decision. */
  replace: (row: R) => void;
}
interface Row {
  id: string;
}

const without = <R extends Row>(rows: R[], known: Set<string>): R[] => rows.filter((row) => !known.has(row.id));

/** The issues that `query` (without a limit) asks for, `size` at a time. */
export function useIssuePages<I extends Issue>(key: string, query: string, size: number): Pages<I> {
  const asked = (limit: number) => `${query}${query === "" ? "" : "&"}limit=${limit}`;
  const page = async (from: string, limit: number) => (await listIssues(`${asked(limit)}&cursor=${from}`)) as Page<I>;
  return usePages(key, useIssueList<I>(key, asked(size)), page, size);
}

/** All of a list whose first page is `first`, `size` more at a time by `page`. Rows must have the id `row-<id>`. */
export function usePages<R extends Row>(
  key: string,
  first: Cached<Page<R>>,
  page: (from: string, limit: number) => Promise<Page<R>>,
  size: number,
): Pages<R> {
  const name = `${session.value?.user.id ?? ""}|${key}`;
  const known = useRef(places.get(name));
  const [more, setMore] = useState<R[]>((known.current?.more ?? []) as R[]);
  // Until more is loaded, the cursor of the first page counts.
  const [next, setNext] = useState<string | null | undefined>(known.current?.next);
  const [replaced, setReplaced] = useState<Map<string, R>>(new Map());
  const [isLoading, setLoading] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const items = first.body?.items ?? [];
  const cursor = next === undefined ? (first.body?.next_cursor ?? null) : next;
  const rows = [...items, ...without(more, new Set(items.map((row) => row.id)))].map(
    (row) => replaced.get(row.id) ?? row,
  );

  // The first page is newer than replaced rows, and the following pages may have moved.
  const heard = useRef<number | null>(null);
  useEffect(() => {
    if (first.at === null || first.isLoading || first.at === heard.current) return;
    heard.current = first.at;
    setReplaced(new Map());
    if (more.length === 0) return;
    void (async () => {
      const again: R[] = [];
      let from = first.body?.next_cursor ?? null;
      try {
        while (from !== null && again.length < more.length) {
          const answer = await page(from, Math.min(PAGE_MAX, Math.max(size, more.length - again.length)));
          again.push(...answer.items);
          from = answer.next_cursor;
        }
        setMore(again);
        setNext(from);
      } catch {
        // Keep the rows; "more" will show the failure.
      }
    })();
  }, [first.at, first.isLoading]);

  async function load() {
    if (cursor === null || isLoading) return;
    setLoading(true);
    try {
      const answer = await page(cursor, size);
      setMore((old) => [...old, ...without(answer.items, new Set(old.map((row) => row.id)))]);
      setNext(answer.next_cursor);
      setFailure(null);
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setLoading(false);
    }
  }

  // Remembers the topmost row, because heights change and a pixel offset would be wrong.
  const present = useRef({ more, next });
  present.current = { more, next };
  useEffect(() => {
    function note() {
      const top = Array.from(document.querySelectorAll<HTMLElement>("[id^='row-']")).find(
        (row) => row.getBoundingClientRect().bottom > TOP_BAR_PX,
      );
      places.set(name, {
        ...present.current,
        row: scrollY > 0 && top ? top.id : null,
        offset: top ? top.getBoundingClientRect().top : 0,
      });
    }
    // An issue is opened by a click or a key, so the position is saved then.
    addEventListener("click", note, true);
    addEventListener("keydown", note, true);
    return () => {
      removeEventListener("click", note, true);
      removeEventListener("keydown", note, true);
    };
  }, [name]);

  // After coming back from an issue, scroll to the row that was on top. Otherwise start at the top.
  const isBack = useRef(cameFrom().startsWith("#/issue/"));
  const hasRows = items.length > 0;
  useEffect(() => {
    const place = known.current;
    if (!hasRows || !isBack.current || !place?.row) return;
    isBack.current = false;
    // From the next frame on, after the page has scrolled to its top, until enough rows are drawn for it.
    let frames = 0;
    let timer = requestAnimationFrame(function look() {
      const top = document.getElementById(place.row ?? "")?.getBoundingClientRect().top ?? Infinity;
      if (top < Infinity) scrollBy(0, top - place.offset);
      if (Math.abs(top - place.offset) > 1 && ++frames < FRAMES_MAX) timer = requestAnimationFrame(look);
    });
    return () => cancelAnimationFrame(timer);
  }, [hasRows]);

  return {
    first,
    rows,
    hasMore: cursor !== null,
    isLoading,
    failure,
    more: () => void load(),
    replace: (row) => setReplaced((old) => new Map(old).set(row.id, row)),
  };
}

/** How long the rows of a list that one comes back to may take to be drawn, in frames. Source: our choice. */
const FRAMES_MAX = 90;
/** Height of the fixed top bar. */
const TOP_BAR_PX = 60;
