import { listIssues } from "../api/issues";
import type { Issue, Page } from "../api/types";
import { session } from "../session/session";
import { cacheAnswers } from "../store/cache";
import { useCached } from "./useCached";
import type { Cached } from "./useCached";

/** A list of issues. Each issue is cached too, so that it opens without a network. */
export function useIssueList<I extends Issue>(key: string, query: string): Cached<Page<I>> {
  return useCached(key, async () => {
    const page = (await listIssues(query)) as Page<I>;
    const at = Date.now();
    const user = session.value?.user.id ?? "";
    await cacheAnswers(page.items.map((issue) => [`${user}|issue/${issue.id}`, { at, etag: null, body: issue }])).catch(
      () => undefined,
    );
    return page;
  });
}
