// The inspector's tasks whose time has come. Nothing of a task is sent before, so that what is kept here for the time
// without a network is never ahead of its time either (ADR 0028).
import { listOpenCases } from "../api/openCases";
import type { TaskRef, VisitTask } from "../api/types";
import { listTasks } from "../api/visits";
import type { OutboxEntry } from "../outbox/entry";
import { placeOf, refreshReference } from "../session/reference";
import { session } from "../session/session";
import { cacheAnswer } from "../store/cache";
import type { Draft, VisitDraft } from "../store/records";

export const isSameTask = (a: TaskRef | null | undefined, b: TaskRef): boolean =>
  a?.batch_id === b.batch_id && a.number === b.number;

/** Where the form of a visit begins, with its task. */
export const taskQuery = ({
  point_id,
  batch_id,
  number,
}: Pick<VisitTask, "point_id" | "batch_id" | "number">): string =>
  `point=${point_id}&batch=${batch_id}&number=${number}`;

/** The tasks as the service answers them, and on the device what they need without a network. */
export async function loadTasks(): Promise<VisitTask[]> {
  const tasks = await listTasks();
  const user = session.value?.user.id ?? "";
  // A point may be newer than the places on this phone.
  if (tasks.some((task) => !placeOf(task.point_id))) await refreshReference().catch(() => undefined);
  for (const id of new Set(tasks.map((task) => task.point_id))) {
    const cases = await listOpenCases(id).catch(() => null);
    if (cases)
      await cacheAnswer(`${user}|open-cases/${id}`, { at: Date.now(), etag: null, body: cases }).catch(() => undefined);
  }
  return tasks;
}

export interface ShownTask {
  task: VisitTask;
  /** The form that was begun for it. */
  draft: VisitDraft | null;
  /** The visit that was saved for it, which waits to be sent. */
  entry: OutboxEntry | null;
}

/**
 * The tasks that are there to be carried out at `now`, by the service's clock. One whose slot is over is gone, unless
 * its visit was begun: it can be finished. One that was delivered is gone as well, though the service was not asked
 * since.
 */
export function shownTasks(tasks: VisitTask[], drafts: Draft[], entries: OutboxEntry[], now: number): ShownTask[] {
  return tasks.flatMap((task) => {
    const draft = drafts.find((one) => one.kind === "visit" && isSameTask(one.fields.task, task)) ?? null;
    const entry = entries.find((one) => one.kind === "visit" && isSameTask(one.body.task, task)) ?? null;
    if (entry?.state === "delivered") return [];
    if (Date.parse(task.to) <= now && !draft && !entry) return [];
    return [{ task, draft: draft as VisitDraft | null, entry }];
  });
}
