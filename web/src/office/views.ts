// Named lists: built-in ones, and a person's own, which stay on this device.
import { issueQuery } from "../api/query";
import type { IssueQuery } from "../api/query";
import { openStates } from "../states";
import { canonical } from "./filters";
import { REQUESTED } from "./queues";

export interface BuiltIn {
  id: "overdue" | "review" | "severe" | "today" | "pending";
  query: string;
}
export interface OwnView {
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

export const NAME_CHARS_MAX = 20;
export const VIEWS_MAX = 20;

/** Parses saved views; anything invalid is dropped. */
export function parseViews(text: string | null): OwnView[] {
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
      (one: Partial<OwnView> | null): one is OwnView =>
        one !== null && typeof one === "object" && words(one.id) && words(one.name) && words(one.query),
    )
    .slice(0, VIEWS_MAX)
    .map((one) => ({
      id: one.id,
      name: one.name.slice(0, NAME_CHARS_MAX),
      query: canonical(new URLSearchParams(one.query)),
    }));
}

export type NameFault = "empty" | "taken" | "full";

/** Why this name cannot be given, if it cannot; `id` is the view that is to be renamed. */
export function nameFault(views: OwnView[], name: string, id: string | null): NameFault | null {
  if (name.trim() === "") return "empty";
  if (views.some((view) => view.id !== id && view.name === name.trim())) return "taken";
  return id === null && views.length >= VIEWS_MAX ? "full" : null;
}

export const addView = (views: OwnView[], id: string, name: string, address: URLSearchParams): OwnView[] => [
  ...views,
  { id, name: name.trim().slice(0, NAME_CHARS_MAX), query: canonical(address) },
];

export const renameView = (views: OwnView[], id: string, name: string): OwnView[] =>
  views.map((view) => (view.id === id ? { ...view, name: name.trim().slice(0, NAME_CHARS_MAX) } : view));

export const deleteView = (views: OwnView[], id: string): OwnView[] => views.filter((view) => view.id !== id);

/** The view that the address shows, if it is one. */
export function viewAt<V extends { query: string }>(views: V[], address: URLSearchParams): V | undefined {
  const here = canonical(address);
  return views.find((view) => view.query === here);
}

const key = (userId: string) => `views/${userId}`;

/** In localStorage, because they are small and needed at once. Each account on a shared computer has its own. */
export function readViews(userId: string): OwnView[] {
  try {
    return parseViews(localStorage.getItem(key(userId)));
  } catch {
    return [];
  }
}

/** Whether they were saved: private windows may refuse. */
export function keepViews(userId: string, views: OwnView[]): boolean {
  try {
    localStorage.setItem(key(userId), JSON.stringify(views));
    return true;
  } catch {
    return false;
  }
}
