// The list that each figure counts. Source: the descriptions of `GET /figures`.
import type { Situation, Week } from "../../api/figures";
import { IN_HAND, listLink, NOT_VOID } from "../filters";
import type { Filter } from "../filters";

export type Filters = Partial<Record<Filter, string>>;
/** What figures can be narrowed to. */
export const SCOPE = ["unit_id", "area", "campaign"] as const;
export type Scope = Partial<Record<(typeof SCOPE)[number], string>>;

/** Civil days; `to` is the first one that is no longer among them. */
export interface Days {
  from: string;
  to: string;
}
export type SpanFigure = Exclude<keyof Week, keyof Days>;
export type Figure = keyof Situation;

export function scopeOf(address: URLSearchParams): Scope {
  const scope: Scope = {};
  for (const name of SCOPE) {
    const value = address.get(name);
    if (value) scope[name] = value;
  }
  return scope;
}

/** When a civil day begins in the county. */
const midnight = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString();

const entered = ({ from, to }: Days): Filters => ({ from: midnight(from), to: midnight(to) });
const closed = ({ from, to }: Days): Filters => ({ closed_from: from, closed_to: to });
const due = ({ from, to }: Days): Filters => ({ state: NOT_VOID.join(","), due_from: from, due_to: to });

const FILTERS_OF: Record<Figure, (days: Days) => Filters> = {
  open: () => ({ state: IN_HAND.join(",") }),
  overdue: () => ({ overdue: "true", sort: "due_at" }),
  reminded: () => ({ state: IN_HAND.join(","), reminded_min: "2" }),
  entered,
  closed,
  due,
  on_time: (days) => ({ ...due(days), on_time: "true" }),
  late: (days) => ({ ...due(days), on_time: "false" }),
  rework: (days) => ({ ...closed(days), round_min: "2" }),
  rebounds: (days) => ({ ...entered(days), rebound: "true" }),
  // Those whose days it is the middle of.
  median_days: closed,
};

export const figureLink = (figure: Figure, days: Days, scope: Scope): string =>
  listLink({ ...scope, ...FILTERS_OF[figure](days) });

/** The days that all weeks span. */
export const spanOf = (weeks: Days[]): Days => ({
  from: weeks[0]?.from ?? "",
  to: weeks[weeks.length - 1]?.to ?? "",
});
