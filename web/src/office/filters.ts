// The filters of the list are part of the address, so that a list can be sent to a colleague and Back works.
import { FACETS } from "../api/facets";
import type { IssueQuery } from "../api/query";
import type { State } from "../api/types";
import { keysOf } from "../keysOf";
import { statesIn } from "../states";
import { serverNow } from "../time/moment";
import { civilDay } from "../time/civil";

/** Every state in the order of the office's lists: what is still arriving comes last. */
export const STATES: State[] = [...statesIn("unreleased", "owed", "waiting", "closed", "void")].sort(
  (a, b) => Number(a === "receiving") - Number(b === "receiving"),
);

/** Released to a unit, and neither settled nor void. */
export const IN_HAND: State[] = statesIn("owed", "waiting");
/** Everything that counts. */
export const NOT_VOID: State[] = STATES.filter((state) => state !== "void");

/** Parameters of the list that say what is shown; the others say how much of it. */
export type Filter = Exclude<keyof IssueQuery, "limit" | "cursor">;
/** A closed set of an issue: its list has every code, by the names that the service gives them. */
export type Facet = keyof typeof FACETS;
export const FACET_NAMES = keysOf(FACETS);
/** A row for every facet. */
export function ofFacets<Row>(row: (name: Facet) => Row): Record<Facet, Row> {
  const rows = {} as Record<Facet, Row>;
  for (const name of FACET_NAMES) rows[name] = row(name);
  return rows;
}

/**
 * How each filter is chosen: from a list in the filter bar, by its field for words, by the place on a map, or only by a
 * link. The order is that of an address, by which saved views are compared.
 */
export const CHOSEN_BY = {
  state: "list",
  unit_id: "list",
  point_id: "place",
  campaign: "list",
  item_code: "list",
  ...ofFacets(() => "list" as const),
  overdue: "list",
  from: "list",
  to: "link",
  q: "words",
  round_min: "list",
  flagged: "list",
  pending: "list",
  area: "list",
  handler: "link",
  due_from: "link",
  due_to: "link",
  closed_from: "link",
  closed_to: "link",
  on_time: "link",
  rebound: "list",
  reminded_min: "list",
  sort: "list",
} as const satisfies Record<Filter, "list" | "words" | "place" | "link">;
export const FILTERS = keysOf(CHOSEN_BY);
/** Those that the filter bar has a list for. */
export type ListFilter = { [F in Filter]: (typeof CHOSEN_BY)[F] extends "list" ? F : never }[Filter];

/** Relative start days, so that a saved view is still right tomorrow. */
export const SINCE = ["today", "7d", "30d"] as const;
const DAY_MS = 24 * 3_600_000;

/** The instant that a relative start stands for; an instant is returned as it is. */
export function sinceMoment(value: string, now: number): string {
  if (!(SINCE as readonly string[]).includes(value)) return value;
  const days = value === "today" ? 1 : Number.parseInt(value, 10);
  const today = Date.parse(`${civilDay(now)}T00:00:00+08:00`);
  return new Date(today - (days - 1) * DAY_MS).toISOString();
}

/** The query for the service, with the known filters of the address only. */
export function apiQuery(address: URLSearchParams, limit: number, cursor: string | null = null): string {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    const value = address.get(name);
    if (value) query.set(name, name === "from" ? sinceMoment(value, serverNow()) : value);
  }
  query.set("limit", String(limit));
  if (cursor) query.set("cursor", cursor);
  return query.toString();
}

/** The filters in a fixed order, to compare and to save them. */
export function canonical(address: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    const value = address.get(name);
    if (value) query.set(name, value);
  }
  return query.toString();
}

/** The pages that the filters are for. */
export type FilteredPage = "issues" | "map";

/** The address with one filter changed or taken out. */
export function withFilter(
  address: URLSearchParams,
  name: Filter,
  value: string,
  page: FilteredPage = "issues",
): string {
  const next = new URLSearchParams(address);
  if (value === "") next.delete(name);
  else next.set(name, value);
  return addressOf(page, next.toString());
}

export const addressOf = (page: FilteredPage, words: string): string =>
  words === "" ? `#/${page}` : `#/${page}?${words}`;
export const listAddress = (words: string): string => addressOf("issues", words);

export const listLink = (filters: Partial<Record<Filter, string>>): string =>
  `#/issues?${new URLSearchParams(filters as Record<string, string>).toString()}`;

/** The map, centred on this place. */
export const mapLink = (pointId: string): string => `#/map?point=${pointId}`;
