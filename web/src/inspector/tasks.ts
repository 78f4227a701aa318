// What an inspector has to do, as the service filters it.
import * as calls from "../api/calls";
import type { InspectorIssue, Page, State } from "../api/types";
import { session } from "../session/session";
import { keepAll } from "../store/answers";
import { useKept } from "../ui/kept";
import type { Kept } from "../ui/kept";

/**
 * Only in these there is a step for an inspector: a report that came back, a check, a look-back. Source:
 * docs/generated/lifecycle.md.
 */
export const TASK_STATES: State[] = ["returned", "reported", "closed", "archived"];
const PAGE_ROWS = 200;
/** As many pages as are looked through for tasks; what is closed grows for ever. */
const PAGES_MAX = 5;

type Listing = (query: string) => Promise<Page<unknown>>;

export async function listTasks(list: Listing = calls.listIssues as Listing): Promise<InspectorIssue[]> {
  const found: InspectorIssue[] = [];
  let cursor: string | null = "";
  for (let page = 0; cursor !== null && page < PAGES_MAX; page += 1) {
    const answer = (await list(
      `state=${TASK_STATES.join(",")}&limit=${PAGE_ROWS}${cursor ? `&cursor=${cursor}` : ""}`,
    )) as Page<InspectorIssue>;
    found.push(...answer.items.filter((issue) => issue.allowed_actions.length > 0));
    cursor = answer.next_cursor;
  }
  return found;
}

/** Each is kept by itself too, so that it opens without a network. */
export function useTasks(): Kept<InspectorIssue[]> {
  return useKept("tasks", async () => {
    const tasks = await listTasks();
    const at = Date.now();
    const user = session.value?.user.id ?? "";
    await keepAll(tasks.map((issue) => [`${user}|issue/${issue.id}`, { at, etag: null, body: issue }])).catch(
      () => undefined,
    );
    return tasks;
  });
}
