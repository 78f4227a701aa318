// The form of a plan 暗访方案, and the plan that it is: whoever fills it in names times of the day, and the slots of
// the days follow from the working calendar.
import type { Plan, Slot, SlotKind } from "../../api/batches";
import { daysOf, isWorked, lastOfMonth, nextDay } from "./days";
import type { WorkDays } from "./days";

/** A time of the day as its two fields have it: `09:00`. */
export interface Band {
  from: string;
  to: string;
}
export interface QuotaForm {
  point_type: string;
  area: string;
  count: string;
}
export const KINDS: readonly SlotKind[] = ["day", "evening", "weekend"];
/** The numbers of a plan, with what a new one has. Source: our choice; a small county's month. */
export const NUMBERS = {
  open_places: "6",
  proportional_places: "12",
  evening_min: "2",
  weekend_min: "2",
  point_visits_max: "2",
  unit_visits_max: "6",
  tasks_per_inspector_max: "8",
  demo_percent: "100",
} as const;
export type NumberName = keyof typeof NUMBERS;

export interface PlanForm {
  title: string;
  window_from: string;
  window_to: string;
  campaigns: string[];
  areas: string[];
  bands: Record<SlotKind, Band[]>;
  /** Days of the window without slots. */
  skipped: string[];
  /** Slots that no times of the day make: they stay as they are until a time or a day is changed. */
  kept: Slot[] | null;
  numbers: Record<NumberName, string>;
  quotas: QuotaForm[];
  pair_types: string[];
  pair_severe: boolean;
}

const two = (value: number): string => String(value).padStart(2, "0");
/** `09:00` of minutes after midnight. */
export const clockOf = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
const DAY_MINUTES = 24 * 60;

/** Minutes after midnight; `00:00` as an end is that of the day. */
export function minuteOf(clock: string, isEnd = false): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  const minute = hours * 60 + minutes;
  return isEnd && minute === 0 ? DAY_MINUTES : minute;
}

/** A new plan: from tomorrow for two weeks, at most to the end of that month. */
export function freshForm(today: string): PlanForm {
  const first = nextDay(today, 1);
  const end = lastOfMonth(first);
  const [sooner = end] = [nextDay(first, 13), end].sort();
  return {
    title: "",
    window_from: first,
    window_to: sooner,
    campaigns: [],
    areas: [],
    bands: {
      day: [
        { from: "09:00", to: "11:30" },
        { from: "14:30", to: "17:30" },
      ],
      evening: [{ from: "19:00", to: "21:00" }],
      weekend: [
        { from: "09:30", to: "11:30" },
        { from: "15:00", to: "17:30" },
      ],
    },
    skipped: [],
    kept: null,
    numbers: { ...NUMBERS },
    quotas: [],
    pair_types: [],
    pair_severe: true,
  };
}

/** The slots of the form: those of each day by whether it is worked. */
export function slotsOf(form: PlanForm, calendar: WorkDays): Slot[] {
  if (form.kept !== null) return form.kept;
  return daysOf(form.window_from, form.window_to)
    .filter((day) => !form.skipped.includes(day))
    .flatMap((date) => {
      const kinds: SlotKind[] = isWorked(date, calendar) ? ["day", "evening"] : ["weekend"];
      return kinds.flatMap((kind) =>
        form.bands[kind]
          .filter(({ from, to }) => from !== "" && to !== "")
          .map(({ from, to }) => ({ date, from_minute: minuteOf(from), to_minute: minuteOf(to, true), kind })),
      );
    });
}

/** What stands in a field of numbers; anything else is refused by the service at its field. */
const whole = (text: string): number => (/^\d{1,9}$/.test(text.trim()) ? Number(text) : 0);

/** A value for each of the numbers. */
function eachNumber<T>(of: (name: NumberName) => T): Record<NumberName, T> {
  const all: Partial<Record<NumberName, T>> = {};
  for (const name of Object.keys(NUMBERS) as NumberName[]) all[name] = of(name);
  return all as Record<NumberName, T>;
}

export const planOf = (form: PlanForm, calendar: WorkDays): Plan => ({
  title: form.title,
  window_from: form.window_from,
  window_to: form.window_to,
  campaigns: form.campaigns,
  areas: form.areas,
  rules: {
    algorithm: "anfang-draw/1",
    slots: slotsOf(form, calendar),
    ...eachNumber((name) => whole(form.numbers[name])),
    quotas: form.quotas
      .filter(({ point_type, area }) => point_type !== "" && area !== "")
      .map(({ point_type, area, count }) => ({ point_type, area, count: whole(count) })),
    pair_types: [...form.pair_types].sort(),
    pair_severe: form.pair_severe,
  },
});

const orderOf = ({ date, from_minute, to_minute, kind }: Slot): string =>
  `${date} ${String(from_minute).padStart(4, "0")} ${String(to_minute).padStart(4, "0")} ${kind}`;
const sorted = (slots: Slot[]): string[] => slots.map(orderOf).sort();

/** The form of a plan that is stored: its times of the day and days, if they make its slots. */
export function formOf(plan: Plan, calendar: WorkDays): PlanForm {
  const { rules } = plan;
  const bandsOf = (kind: SlotKind): Band[] => {
    const all = rules.slots
      .filter((slot) => slot.kind === kind)
      .map((slot) => `${clockOf(slot.from_minute)} ${clockOf(slot.to_minute % DAY_MINUTES)}`);
    return [...new Set(all)].sort().map((band) => ({ from: band.slice(0, 5), to: band.slice(6) }));
  };
  const withSlots = new Set(rules.slots.map(({ date }) => date));
  const form: PlanForm = {
    title: plan.title,
    window_from: plan.window_from,
    window_to: plan.window_to,
    campaigns: plan.campaigns,
    areas: plan.areas,
    bands: { day: bandsOf("day"), evening: bandsOf("evening"), weekend: bandsOf("weekend") },
    skipped: daysOf(plan.window_from, plan.window_to).filter((day) => !withSlots.has(day)),
    kept: null,
    numbers: eachNumber((name) => String(rules[name])),
    quotas: rules.quotas.map(({ point_type, area, count }) => ({ point_type, area, count: String(count) })),
    pair_types: rules.pair_types,
    pair_severe: rules.pair_severe,
  };
  const isMade = sorted(slotsOf(form, calendar)).join() === sorted(rules.slots).join();
  return isMade ? form : { ...form, kept: rules.slots };
}

/** How many points the rules ask for. */
export const placesOf = ({ rules }: Pick<Plan, "rules">): number =>
  rules.open_places + rules.proportional_places + rules.quotas.reduce((sum, { count }) => sum + count, 0);

/** Whether a point is in the pool of the draw. */
export const covers = (
  plan: Pick<Plan, "campaigns" | "areas">,
  point: { campaigns: string[]; area_code: string; active: boolean },
): boolean =>
  point.active &&
  (plan.campaigns.length === 0 || point.campaigns.some((code) => plan.campaigns.includes(code))) &&
  (plan.areas.length === 0 || plan.areas.includes(point.area_code));

/** The names of the parts in which two plans differ. */
export function differences(one: Plan, other: Plan): string[] {
  const { rules, ...rest } = one;
  const { rules: otherRules, ...otherRest } = other;
  const differ = <T extends object>(a: T, b: T): string[] =>
    (Object.keys(a) as (keyof T & string)[]).filter((name) => JSON.stringify(a[name]) !== JSON.stringify(b[name]));
  const inOrder = (of: Plan["rules"]) => ({
    ...of,
    slots: [...of.slots].sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
  });
  return [...differ(rest, otherRest), ...differ(inOrder(rules), inOrder(otherRules))];
}
