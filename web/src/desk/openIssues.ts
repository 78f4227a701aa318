// The open issues of a unit, filtered and counted on its device: the service does not count by the person who handles
// an issue.
import { listIssues } from "../api/issues";
import { PAGE_MAX } from "../api/limits";
import { issueQuery } from "../api/query";
import type { Page, UnitIssue } from "../api/types";
import { keysOf } from "../keysOf";
import { itemOf, placeOf } from "../session/reference";
import { statesIn } from "../states";
import { faultTitle } from "../texts";
import { holds, initialsOf, searchForm } from "../texts/searchForm";
import { cacheIssues } from "../ui/issueList";

/** Answers that are read; of what is beyond, the page says so. Source: our choice. */
const ANSWERS_MAX = 5;

export interface OpenIssues {
  items: UnitIssue[];
  isCut: boolean;
}

/** Everything that is not closed, the earliest deadline first. */
export async function readOpen(): Promise<OpenIssues> {
  const state = statesIn("owed", "waiting").join();
  const items: UnitIssue[] = [];
  let cursor: string | null = null;
  for (let answers = 0; answers < ANSWERS_MAX; answers += 1) {
    const page = (await listIssues(issueQuery({ state, sort: "due_at", limit: PAGE_MAX, cursor }))) as Page<UnitIssue>;
    items.push(...page.items);
    cursor = page.next_cursor;
    if (cursor === null) break;
  }
  await cacheIssues(items);
  return { items, isCut: cursor !== null };
}

/** The tabs, and what each holds. What is overdue is the service's word. */
export const TABS = {
  open: () => true,
  "sign-in": ({ state }) => state === "assigned",
  rectifying: ({ state }) => state === "rectifying" || state === "rework",
  overdue: ({ overdue }) => overdue,
  reported: ({ state }) => state === "reported",
} as const satisfies Record<string, (issue: UnitIssue) => boolean>;
export type Tab = keyof typeof TABS;

/** Stands for issues that name nobody. */
export const NOBODY = "-";

export interface Wanted {
  tab: Tab;
  words: string;
  /** The person who handles it; empty for all. */
  handler: string;
}

/** What an address asks for. */
export function wantedBy(query: URLSearchParams): Wanted {
  return {
    tab: keysOf(TABS).find((tab) => tab === query.get("tab")) ?? "open",
    words: query.get("q") ?? "",
    handler: query.get("handler") ?? "",
  };
}

/** The address that asks for it. */
export function addressOf(wanted: Wanted): string {
  const query = new URLSearchParams();
  if (wanted.tab !== "open") query.set("tab", wanted.tab);
  if (wanted.words) query.set("q", wanted.words);
  if (wanted.handler) query.set("handler", wanted.handler);
  const words = query.toString();
  return words === "" ? "#/todo" : `#/todo?${words}`;
}

const isHandledBy = (issue: UnitIssue, handler: string): boolean =>
  handler === "" || (handler === NOBODY ? !issue.handler : issue.handler === handler);

/** Whether every word is in what a row says, or in the sounds of the place. */
function says(issue: UnitIssue, words: string): boolean {
  const text = [
    issue.number,
    issue.point.name,
    issue.point.address,
    issue.description,
    issue.item_code,
    faultTitle(itemOf(issue.item_code)),
    issue.handler,
  ].join(" ");
  const place = placeOf(issue.point.id);
  return searchForm(words)
    .split(/\s+/)
    .every((word) => holds(text, place && initialsOf(place), word));
}

/** What the filters leave in each tab, so that the counts are of what is looked for. */
export function inTabs(items: UnitIssue[], { words, handler }: Wanted): Record<Tab, UnitIssue[]> {
  const fitting = items.filter((issue) => isHandledBy(issue, handler) && says(issue, words));
  const found = {} as Record<Tab, UnitIssue[]>;
  for (const tab of keysOf(TABS)) found[tab] = fitting.filter(TABS[tab]);
  return found;
}

/** Everybody who handles something, by name. */
export const handlersOf = (items: UnitIssue[]): string[] =>
  [...new Set(items.map(({ handler }) => handler).filter((name): name is string => Boolean(name)))].sort((a, b) =>
    a.localeCompare(b, "zh"),
  );
