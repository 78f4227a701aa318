import { readEvents } from "../api/issues";
import type { InspectorIssue } from "../api/types";
import { session } from "../session/session";
import { cacheAnswer, readCached } from "../store/cache";
import type { ShownPhoto } from "../ui/PhotoGrid";
import { keepPictures } from "../ui/Picture";

/** For how many tasks the history is cached; more than anybody visits in a day. Source: our choice. */
const TASKS_MAX = 60;

/** Caches what a task needs without a network: earlier photos, and why it came back. */
export async function cacheTaskData(tasks: InspectorIssue[]): Promise<void> {
  const user = session.value?.user.id ?? "";
  const urgentFirst = [...tasks].sort((a, b) => (a.due_at ?? "9").localeCompare(b.due_at ?? "9"));
  for (const task of urgentFirst.slice(0, TASKS_MAX)) {
    const key = `${user}|events/${task.id}/${task.version}`;
    if (await readCached(key)) continue;
    const events = await readEvents(task.id).catch(() => null);
    if (events) await cacheAnswer(key, { at: Date.now(), etag: null, body: events });
  }
  await keepPictures(
    urgentFirst.flatMap((task) =>
      (task.photos as ShownPhoto[]).filter((photo) => photo.has_preview).map((photo) => photo.id),
    ),
  );
}
