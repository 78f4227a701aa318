// A redraw after a declared conflict 回避: docs/DRAW.md, section 8.
import { eligible, isFree, leastBusy } from "./people";
import type { Pool, Redraw, Rules, Task } from "./proof";
import { Stream } from "./stream";

/** Makes one redraw again; `null` if there was no such task of this person. */
export function redraw(
  pool: Pool,
  rules: Rules,
  seed: Uint8Array,
  tasks: Task[],
  earlier: Redraw[],
  { task: number, recused }: Pick<Redraw, "task" | "recused">,
): { redraw: Redraw | null; tasks: Task[] } {
  const task = tasks.find((one) => one.number === number);
  const point = pool.points.find((one) => one.id === task?.point);
  if (task === undefined || point === undefined || !task.inspectors.includes(recused)) return { redraw: null, tasks };
  const gone = earlier.filter((made) => made.task === number).map((made) => made.recused);
  const candidates = eligible(point, pool)
    .map(({ id }) => id)
    .filter((one) => isFree(one, task.slot, tasks, rules) && !gone.includes(one) && !task.inspectors.includes(one));
  const count = gone.length + 1;
  const chosen =
    candidates.length === 0
      ? null
      : leastBusy(candidates, tasks, new Stream(seed, `anfang-draw/1 redraw ${number} ${count}`));
  return {
    redraw: { task: number, count, recused, replacement: chosen },
    tasks:
      chosen === null
        ? tasks.filter((one) => one !== task)
        : tasks.map((one) =>
            one === task
              ? {
                  ...task,
                  inspectors: task.inspectors.map((inspector) => (inspector === recused ? chosen : inspector)),
                }
              : one,
          ),
  };
}
