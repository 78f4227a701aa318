import * as calls from "../api/calls";
import type { Issue, Page } from "../api/types";
import { session } from "../session/session";
import { keepAll } from "../store/answers";
import { useKept } from "./kept";
import type { Kept } from "./kept";

/**
 * A list of issues. Each is kept by itself too, so that it opens without a network though nobody has opened it before.
 */
export function useIssueList<I extends Issue>(key: string, query: string): Kept<Page<I>> {
  return useKept(key, async () => {
    const page = (await calls.listIssues(query)) as Page<I>;
    const at = Date.now();
    const user = session.value?.user.id ?? "";
    await keepAll(page.items.map((issue) => [`${user}|issue/${issue.id}`, { at, etag: null, body: issue }])).catch(
      () => undefined,
    );
    return page;
  });
}
