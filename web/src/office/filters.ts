// The list's filters live in the address, so that a list can be sent to a colleague and the back key works.
import type { State } from "../api/types";
import { civilDay, serverNow } from "../time/moment";

export const STATES: State[] = [
  "submitted",
  "returned",
  "sealed",
  "assigned",
  "rectifying",
  "redispatch",
  "reported",
  "rework",
  "hung",
  "closed",
  "archived",
  "void",
  "receiving",
];

/** Names that the service takes as they stand in the address. */
export const FILTERS = [
  "state",
  "unit_id",
  "point_id",
  "campaign",
  "item_code",
  "severity",
  "overdue",
  "from",
  "to",
  "q",
  "round_min",
  "flagged",
  "pending",
  "sort",
] as const;
export type Filter = (typeof FILTERS)[number];

/** Beginnings that move with the days, so that a saved view is still right tomorrow. */
export const SINCE = ["today", "7d", "30d"] as const;
const DAY_MS = 24 * 3_600_000;

/** The moment that a word for a beginning stands for; a moment stays as it is. */
export function sinceMoment(value: string, now: number): string {
  if (!(SINCE as readonly string[]).includes(value)) return value;
  const days = value === "today" ? 1 : Number.parseInt(value, 10);
  const today = Date.parse(`${civilDay(now)}T00:00:00+08:00`);
  return new Date(today - (days - 1) * DAY_MS).toISOString();
}

/** The query for the service: what is known and not empty, nothing else from the address. */
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

/** The same filters always in the same words: to compare, to keep. */
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

/** The map with this place in its middle. */
export const mapLink = (pointId: string): string => `#/map?point=${pointId}`;
