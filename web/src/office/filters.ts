// The list's filters live in the address, so that a list can be sent to a colleague and the back key works.
import type { State } from "../api/types";

export const STATES: State[] = ["submitted", "returned", "sealed", "assigned", "rectifying", "redispatch", "reported", "rework", "hung", "closed", "archived", "void", "receiving"];

/** Names that the service takes as they stand in the address. */
export const FILTERS = ["state", "unit_id", "point_id", "campaign", "item_code", "severity", "overdue", "from", "to", "q", "round_min", "flagged", "sort"] as const;
export type Filter = (typeof FILTERS)[number];

/** The query for the service: what is known and not empty, nothing else from the address. */
export function apiQuery(address: URLSearchParams, limit: number, cursor: string | null = null): string {
  const query = new URLSearchParams();
  for (const name of FILTERS) {
    const value = address.get(name);
    if (value) query.set(name, value);
  }
  query.set("limit", String(limit));
  if (cursor) query.set("cursor", cursor);
  return query.toString();
}

/** The address with one filter changed or taken out. */
export function withFilter(address: URLSearchParams, name: Filter, value: string): string {
  const next = new URLSearchParams(address);
  if (value === "") next.delete(name);
  else next.set(name, value);
  const words = next.toString();
  return words === "" ? "#/issues" : `#/issues?${words}`;
}

export const listLink = (filters: Partial<Record<Filter, string>>): string => `#/issues?${new URLSearchParams(filters as Record<string, string>).toString()}`;
