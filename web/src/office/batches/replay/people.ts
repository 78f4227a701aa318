// Who may go where: docs/DRAW.md, sections 6 and 7.
import type { Inspector, Point, Pool, Rules, Slot, Task } from "./proof";
import type { Stream } from "./stream";

/** The available inspectors who are not recused from a point, in the order of their keys. */
export function eligible(point: Point, pool: Pool): Inspector[] {
  const units = new Set([point.lead_unit, ...point.other_units]);
  return pool.inspectors.filter(
    (one) =>
      one.available &&
      !one.recused_points.includes(point.id) &&
      !one.recent_points.includes(point.id) &&
      !one.recused_units.some((unit) => units.has(unit)),
  );
}

export const needed = (point: Point, rules: Rules): number =>
  rules.pair_types.includes(point.point_type) || (rules.pair_severe && point.severe) ? 2 : 1;

const sameSlot = (one: Slot, other: Slot): boolean =>
  one.date === other.date && one.from_minute === other.from_minute && one.to_minute === other.to_minute;

export function isFree(one: string, slot: Slot, tasks: Task[], rules: Rules): boolean {
  const mine = tasks.filter((task) => task.inspectors.includes(one));
  return mine.length < rules.tasks_per_inspector_max && mine.every((task) => !sameSlot(task.slot, slot));
}

/** One of those with the fewest tasks; `null` of nobody. */
export function leastBusy(candidates: string[], tasks: Task[], stream: Stream): string | null {
  const load = (one: string) => tasks.filter((task) => task.inspectors.includes(one)).length;
  const loads = candidates.map(load);
  const least = Math.min(...loads);
  return stream.pick(candidates.filter((_, at) => loads[at] === least));
}
