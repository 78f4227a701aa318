// The rules of the month as rows of a table: each number by its JSON pointer.
import type { Rules } from "../api/months";

/** Where a number is in the rules, such as `/terms/points`. */
export type Pointer = string;

/** Groups of rows, in their order; what the service adds later comes under the last. */
export const GROUPS = [
  "terms",
  "handling",
  "rates",
  "marks",
  "ranking",
  "dates",
  "escalation",
  "look_back",
  "amounts",
] as const;
export type RuleGroup = (typeof GROUPS)[number];

/** Rows that are not in an object of their own. */
const TOP: Record<string, RuleGroup> = {
  rework_base: "rates",
  on_time_closing: "rates",
  demo_weight: "rates",
  territorial_share: "rates",
  pass_line: "rates",
  stale_days: "rates",
  durability_months: "rates",
  sample_points_min: "ranking",
  sample_issues_min: "ranking",
  red_percent: "ranking",
  red_min: "ranking",
  black_percent: "ranking",
  black_below: "ranking",
  objection_days: "dates",
  decision_days: "dates",
  lock_day: "dates",
  by_itself: "dates",
  year_months_min: "dates",
};

/** Choices from words. */
export const CHOICES: Record<Pointer, readonly string[]> = {
  "/rework_base": ["due-to-close", "checks"],
  "/on_time_closing": ["all", "less-deferred"],
  "/by_itself": ["nothing", "freeze", "preview"],
};

/** Rules that the service leaves out while they are as at first. */
const AT_FIRST: Pick<Rules, "by_itself" | "amounts"> = {
  by_itself: "freeze",
  amounts: { red_list_yuan: 0, black_list_yuan: 0 },
};

export type Value = string | number;
export interface RuleRow {
  pointer: Pointer;
  group: RuleGroup;
  value: Value;
}

/** Every number and choice of the rules, without their version. */
export function rowsOf(rules: Rules): RuleRow[] {
  return Object.entries({ ...AT_FIRST, ...rules }).flatMap(([name, value]: [string, unknown]): RuleRow[] => {
    if (name === "version") return [];
    if (typeof value === "object" && value !== null)
      return Object.entries(value as Record<string, Value>).map(([field, inner]) => ({
        pointer: `/${name}/${field}`,
        group: (GROUPS as readonly string[]).includes(name) ? (name as RuleGroup) : "look_back",
        value: inner,
      }));
    return [{ pointer: `/${name}`, group: TOP[name] ?? "look_back", value: value as Value }];
  });
}

/** The rules with these texts in their places, as the next version: counts as numbers, exact numbers as texts. */
export function withValues(rules: Rules, texts: Record<Pointer, string>): Rules {
  const next = JSON.parse(JSON.stringify({ ...AT_FIRST, ...rules })) as Record<string, Value | Record<string, Value>>;
  for (const [pointer, text] of Object.entries(texts)) {
    const [, name = "", field] = pointer.split("/");
    const at = next[name];
    const put = (old: Value | undefined): Value => (typeof old === "number" ? countOf(text) : text.trim());
    if (field !== undefined && typeof at === "object") at[field] = put(at[field]);
    else if (typeof at !== "object") next[name] = put(at);
  }
  return { ...next, version: rules.version + 1 } as unknown as Rules;
}

/** A count that was typed. What is none is left to the service, which says at which field it is. */
const countOf = (text: string): Value => (/^\d{1,9}$/.test(text.trim()) ? Number(text.trim()) : text.trim());

/** What differs between two versions. */
export function changed(older: Rules, newer: Rules): Pointer[] {
  const before = new Map(rowsOf(older).map((row) => [row.pointer, row.value]));
  return rowsOf(newer)
    .filter((row) => before.get(row.pointer) !== row.value)
    .map((row) => row.pointer);
}
