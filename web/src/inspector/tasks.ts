// An inspector's tasks, filtered by the service.
import { listIssues } from "../api/issues";
import { PAGE_MAX } from "../api/limits";
import { issueQuery } from "../api/query";
import type { InspectorIssue, Page, State } from "../api/types";
import { keysOf } from "../keysOf";
import { session } from "../session/session";
import { cacheAnswers } from "../store/cache";
import { useCached } from "../ui/useCached";
import type { Cached } from "../ui/useCached";

/** In which states an inspector may have something to do: mend a report, check, look back. */
const MAY_BE_TASK: Record<State, boolean> = {
  receiving: false,
  submitted: false,
  returned: true,
  sealed: false,
  assigned: false,
  rectifying: false,
  redispatch: false,
  reported: true,
  rework: false,
  hung: false,
  closed: true,
  archived: true,
  void: false,
};
export const TASK_STATES: State[] = keysOf(MAY_BE_TASK).filter((state) => MAY_BE_TASK[state]);
/** How many pages are searched for tasks; the number of closed issues grows without limit. */
const PAGES_MAX = 5;

type Listing = (query: string) => Promise<Page<unknown>>;

export async function listTasks(list: Listing = listIssues as Listing): Promise<InspectorIssue[]> {
  const found: InspectorIssue[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; cursor !== null && page < PAGES_MAX; page += 1) {
    const answer = (await list(
      issueQuery({ state: TASK_STATES.join(), limit: PAGE_MAX, cursor }),
    )) as Page<InspectorIssue>;
    found.push(...answer.items.filter((issue) => issue.allowed_actions.length > 0));
    cursor = answer.next_cursor;
  }
  return found;
}

/** Each is cached by itself too, so that it opens without a network. */
export function useTasks(): Cached<InspectorIssue[]> {
  return useCached("tasks", async () => {
    const tasks = await listTasks();
    const at = Date.now();
    const user = session.value?.user.id ?? "";
    await cacheAnswers(tasks.map((issue) => [`${user}|issue/${issue.id}`, { at, etag: null, body: issue }])).catch(
      () => undefined,
    );
    return tasks;
  });
}
