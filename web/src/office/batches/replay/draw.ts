// The draw itself: docs/DRAW.md, sections 6 and 7. Pool and rules are in order.
import { byText } from "./order";
import { eligible, isFree, leastBusy, needed } from "./people";
import type { Kind, Outcome, Point, Pool, Rules, Slot, Task } from "./proof";
import { Stream } from "./stream";

/** Why a point cannot be drawn; `null` if it can. */
function barred(point: Point, pool: Pool, rules: Rules, visits: Map<string, number>): string | null {
  if (point.visits_this_month >= rules.point_visits_max) return "point-cap";
  if ((visits.get(point.lead_unit) ?? 0) >= rules.unit_visits_max) return "unit-cap";
  if (!rules.slots.some((slot) => point.open.includes(slot.kind))) return "no-slot";
  return eligible(point, pool).length < needed(point, rules) ? "recusals" : null;
}

interface Stratum {
  point_type: string;
  area: string;
}
const keyOf = ({ point_type, area }: Stratum): string => JSON.stringify([point_type, area]);
const byStratum = (a: Stratum, b: Stratum): number => byText(a.point_type, b.point_type) || byText(a.area, b.area);

/** Points per stratum: what the rules say, and of the others their part of the proportional places. */
function quotasOf(drawable: Point[], rules: Rules): (Stratum & { count: number })[] {
  const fixed = new Set(rules.quotas.map(keyOf));
  const others = new Map<string, Stratum & { points: number }>();
  for (const { point_type, area } of drawable) {
    const key = keyOf({ point_type, area });
    if (fixed.has(key)) continue;
    const known = others.get(key) ?? { point_type, area, points: 0 };
    others.set(key, { ...known, points: known.points + 1 });
  }
  const all = [...others.values()];
  const total = all.reduce((sum, { points }) => sum + points, 0);
  const places = rules.proportional_places;
  const shares = all.map((one) => ({
    point_type: one.point_type,
    area: one.area,
    count: Math.floor((places * one.points) / total),
    rest: (places * one.points) % total,
  }));
  const over = places - shares.reduce((sum, { count }) => sum + count, 0);
  const byRest = [...shares].sort((a, b) => b.rest - a.rest || byStratum(a, b));
  for (const one of byRest.slice(0, Math.max(0, over))) one.count += 1;
  return [...rules.quotas, ...shares.map(({ point_type, area, count }) => ({ point_type, area, count }))].sort(
    byStratum,
  );
}

function drawPoints(pool: Pool, rules: Rules, seed: Uint8Array, drawable: Point[]) {
  const stream = new Stream(seed, "anfang-draw/1 points");
  const drawn: Point[] = [];
  const taken = new Set<string>();
  const left = new Map(
    pool.units.map((unit) => [unit.id, Math.max(0, rules.unit_visits_max - unit.visits_this_month)]),
  );
  const weight = (point: Point): number => {
    if (taken.has(point.id) || (left.get(point.lead_unit) ?? 0) === 0) return 0;
    const days = point.days_since_visit === null ? 365 : Math.min(365, point.days_since_visit);
    return (60 + 60 * point.open_rebounds + days) * (point.demo ? rules.demo_percent : 100);
  };
  const drawFrom = (members: Point[]): boolean => {
    const at = stream.weighted(members.map(weight));
    const point = at === null ? undefined : members[at];
    if (point === undefined) return false;
    drawn.push(point);
    taken.add(point.id);
    left.set(point.lead_unit, (left.get(point.lead_unit) ?? 0) - 1);
    return true;
  };
  while (drawn.length < rules.open_places && drawFrom(drawable));
  const quotas = quotasOf(drawable, rules);
  const of = (stratum: Stratum, points: Point[]) => points.filter((point) => keyOf(point) === keyOf(stratum));
  for (const quota of quotas) {
    const members = of(quota, drawable);
    while (members.filter((point) => taken.has(point.id)).length < quota.count && drawFrom(members));
  }
  const places =
    rules.quotas.reduce((sum, { count }) => sum + count, 0) + rules.proportional_places + rules.open_places;
  while (drawn.length < places && drawFrom(drawable));
  const strata = quotas
    .map(({ point_type, area, count }) => ({
      point_type,
      area,
      missing: count - of({ point_type, area }, drawn).length,
    }))
    .filter(({ missing }) => missing > 0);
  return { drawn, strata, places };
}

interface Place {
  number: number;
  point: Point;
  kind: Kind | null;
}

function drawKinds(places: Place[], rules: Rules, stream: Stream): void {
  const has = (kind: Kind) => rules.slots.some((slot) => slot.kind === kind);
  const isWeekend = (place: Place) => has("weekend") && place.kind === null && place.point.open.includes("weekend");
  for (const [kind, least] of [
    ["evening", rules.evening_min],
    ["weekend", rules.weekend_min],
  ] as const) {
    for (let at = 0; at < (has(kind) ? least : 0); at += 1) {
      const isSpare = kind === "weekend" || places.filter(isWeekend).length > rules.weekend_min;
      const chosen = stream.pick(
        places.filter(
          (place) => place.kind === null && place.point.open.includes(kind) && (isSpare || !isWeekend(place)),
        ),
      );
      if (chosen === null) break;
      chosen.kind = kind;
    }
  }
}

function assign(pool: Pool, rules: Rules, seed: Uint8Array, drawn: Point[]) {
  const slots = new Stream(seed, "anfang-draw/1 slots");
  const people = new Stream(seed, "anfang-draw/1 inspectors");
  const places: Place[] = drawn.map((point, at) => ({ number: at + 1, point, kind: null }));
  drawKinds(places, rules, slots);
  const rank = (kind: Kind | null) => (kind === "evening" ? 0 : kind === "weekend" ? 1 : 2);
  const ordered = places
    .map((place) => {
      const who = eligible(place.point, pool).map(({ id }) => id);
      return { ...place, who, spare: who.length - needed(place.point, rules) };
    })
    .sort((a, b) => rank(a.kind) - rank(b.kind) || a.spare - b.spare || a.number - b.number);
  const tasks: Task[] = [];
  const unassigned: string[] = [];
  for (const { number, point, kind, who } of ordered) {
    const free = (slot: Slot) => who.filter((one) => isFree(one, slot, tasks, rules));
    const possible = (kinds: Kind[]) =>
      rules.slots.filter((slot) => kinds.includes(slot.kind) && free(slot).length >= needed(point, rules));
    const own = kind === null ? [] : possible([kind]);
    const slot = slots.pick(own.length > 0 ? own : possible(point.open));
    if (slot === null) {
      unassigned.push(point.id);
      continue;
    }
    const candidates = free(slot);
    const inspectors: string[] = [];
    for (let at = 0; at < needed(point, rules); at += 1) {
      const chosen = leastBusy(
        candidates.filter((one) => !inspectors.includes(one)),
        tasks,
        people,
      );
      if (chosen !== null) inspectors.push(chosen);
    }
    tasks.push({ number, point: point.id, slot, inspectors });
  }
  return { tasks: tasks.sort((a, b) => a.number - b.number), unassigned };
}

function codeNames(pool: Pool, seed: Uint8Array): Outcome["code_names"] {
  const there = pool.inspectors.filter((one) => one.available);
  const numbers = there.map((_, at) => at + 1);
  const stream = new Stream(seed, "anfang-draw/1 code names");
  for (let last = there.length - 1; last > 0; last -= 1) {
    const at = stream.below(last + 1);
    [numbers[last], numbers[at]] = [numbers[at] ?? 0, numbers[last] ?? 0];
  }
  const digits = Math.max(2, String(there.length).length);
  // 暗访, as the algorithm has it in every language.
  const prefix = "\u6697\u8bbf";
  return there.map(({ id }, at) => ({ inspector: id, code: prefix + String(numbers[at]).padStart(digits, "0") }));
}

/** The outcome, and its tasks to make redraws of. */
export function draw(pool: Pool, rules: Rules, seed: Uint8Array): { outcome: Outcome; tasks: Task[] } {
  const visits = new Map(pool.units.map((unit) => [unit.id, unit.visits_this_month]));
  const reasons = pool.points.map((point) => barred(point, pool, rules, visits));
  const drawable = pool.points.filter((point, at) => point.active && reasons[at] === null);
  const { drawn, strata, places } = drawPoints(pool, rules, seed, drawable);
  const { tasks, unassigned } = assign(pool, rules, seed, drawn);
  const undrawable = pool.points
    .map((point, at) => ({ point: point.id, reason: point.active ? (reasons[at] ?? null) : null }))
    .concat(unassigned.map((point) => ({ point, reason: "no-free-inspector" })))
    .flatMap(({ point, reason }) => (reason === null ? [] : [{ point, reason }]))
    .sort((a, b) => byText(a.point, b.point));
  const missing = (least: number, kind: Kind | null) =>
    Math.max(0, least - tasks.filter((task) => kind === null || task.slot.kind === kind).length);
  return {
    outcome: {
      code_names: codeNames(pool, seed),
      tasks,
      undrawable,
      shortfalls: {
        places: missing(places, null),
        evening: missing(rules.evening_min, "evening"),
        weekend: missing(rules.weekend_min, "weekend"),
        strata,
      },
    },
    tasks,
  };
}
