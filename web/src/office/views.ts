// Saved views: built-in ones, and those that the office shares.
import { SAVED_VIEWS_MAX, SAVED_VIEW_NAME_CHARS_MAX } from "../api/limits";
import { issueQuery } from "../api/query";
import type { IssueQuery } from "../api/query";
import { openStates } from "../states";
import { canonical } from "./filters";
import { REQUESTED } from "./queues";

export interface BuiltIn {
  id: "overdue" | "review" | "severe" | "today" | "pending";
  query: string;
}
/** A view that somebody has named. */
export interface NamedView {
  id: string;
  name: string;
  query: string;
}

const query = (filters: IssueQuery) => canonical(new URLSearchParams(issueQuery(filters)));

export const BUILT_IN: BuiltIn[] = [
  { id: "overdue", query: query({ overdue: true, sort: "due_at" }) },
  { id: "review", query: query({ state: "submitted" }) },
  { id: "severe", query: query({ severity: "high", state: openStates().join(",") }) },
  { id: "today", query: query({ from: "today" }) },
  { id: "pending", query: query({ pending: REQUESTED.join(","), sort: "due_at" }) },
];

/** Parses what an older app kept on this device; anything invalid is dropped. */
export function parseViews(text: string | null): NamedView[] {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? "[]");
  } catch {
    return [];
  }
  if (!Array.isArray(kept)) return [];
  const words = (value: unknown): value is string => typeof value === "string";
  return kept
    .filter(
      (one: Partial<NamedView> | null): one is NamedView =>
        one !== null && typeof one === "object" && words(one.id) && words(one.name) && words(one.query),
    )
    .slice(0, SAVED_VIEWS_MAX)
    .map((one) => ({
      id: one.id,
      name: one.name.slice(0, SAVED_VIEW_NAME_CHARS_MAX),
      query: canonical(new URLSearchParams(one.query)),
    }));
}

export type NameFault = "empty" | "taken" | "full";

/** Why this name cannot be given, if it cannot; `id` is the view that is to be renamed. */
export function nameFault(views: NamedView[], name: string, id: string | null): NameFault | null {
  if (name.trim() === "") return "empty";
  if (views.some((view) => view.id !== id && view.name === name.trim())) return "taken";
  return id === null && views.length >= SAVED_VIEWS_MAX ? "full" : null;
}

/** The view that the address shows, if it is one. */
export function viewAt<V extends { query: string }>(views: V[], address: URLSearchParams): V | undefined {
  const here = canonical(address);
  return views.find((view) => view.query === here);
}

const key = (userId: string) => `views/${userId}`;

/** Views of an account that an older app kept on this device only. */
export function readViews(userId: string): NamedView[] {
  try {
    return parseViews(localStorage.getItem(key(userId)));
  } catch {
    return [];
  }
}

/** What is left of them when some are shared. */
export function keepViews(userId: string, views: NamedView[]): void {
  try {
    if (views.length > 0) localStorage.setItem(key(userId), JSON.stringify(views));
    else localStorage.removeItem(key(userId));
  } catch {
    // They are shared again next time, under the same ids.
  }
}
