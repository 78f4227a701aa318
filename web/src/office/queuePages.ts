// Pages of a queue: severe cases first, and among equally severe ones those that have waited longest. The service sorts
// by one of these only, so each severity is fetched separately, one after the other.
import { listIssues } from "../api/issues";
import type { OfficeIssue, Page, Severity } from "../api/types";
import { SEVERITIES } from "../severities";
import { cacheIssues } from "../ui/issueList";
import { usePages } from "../ui/issuePages";
import type { Pages } from "../ui/issuePages";
import { useCached } from "../ui/useCached";

type Rows = Page<OfficeIssue>;
/** From the worst. */
const ORDER: Severity[] = [...SEVERITIES].reverse();

async function ask(query: string, severity: Severity, limit: number, cursor: string | null): Promise<Rows> {
  const from = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
  return (await listIssues(`${query}&severity=${severity}&limit=${limit}${from}`)) as Rows;
}

/** What comes after a page of one severity: its next page, or the next severity. */
const after = (at: number, next: string | null): string | null =>
  next !== null ? `${at} ${next}` : at + 1 < ORDER.length ? `${at + 1} ` : null;

/** The first page: all severities at once, up to the first that has more than a page. */
export async function firstPage(query: string, limit: number): Promise<Rows> {
  const pages = await Promise.all(ORDER.map((severity) => ask(query, severity, limit, null)));
  const items: OfficeIssue[] = [];
  for (const [at, page] of pages.entries()) {
    items.push(...page.items);
    if (page.next_cursor !== null) return { items, next_cursor: after(at, page.next_cursor) };
  }
  return { items, next_cursor: null };
}

/** A page from there on, over the ends of severities. */
export async function nextPage(query: string, from: string, limit: number): Promise<Rows> {
  const items: OfficeIssue[] = [];
  let next: string | null = from;
  while (next !== null && items.length < limit) {
    const at: number = Number(next.slice(0, next.indexOf(" ")));
    const cursor: string = next.slice(next.indexOf(" ") + 1);
    const page = await ask(query, ORDER[at] as Severity, limit - items.length, cursor || null);
    items.push(...page.items);
    next = after(at, page.next_cursor);
  }
  return { items, next_cursor: next };
}

/** The rows of a queue; `query` without severity, limit and cursor. */
export function useQueuePages(key: string, query: string, size: number): Pages<OfficeIssue> {
  const first = useCached(key, async () => {
    const page = await firstPage(query, size);
    await cacheIssues(page.items);
    return page;
  });
  return usePages(key, first, (from, limit) => nextPage(query, from, limit), size);
}
