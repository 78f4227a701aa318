import { listIssues } from "../api/issues";
import type { Issue, Page } from "../api/types";
import { session } from "../session/session";
import { cacheAnswers } from "../store/cache";
import { useCached } from "./useCached";
import type { Cached } from "./useCached";

/** A list of issues. */
export function useIssueList<I extends Issue>(key: string, query: string): Cached<Page<I>> {
  return useCached(key, async () => {
    const page = (await listIssues(query)) as Page<I>;
    await cacheIssues(page.items);
    return page;
  });
}

/** Keeps each issue by itself too, so that it opens without a network. */
export function cacheIssues(issues: Issue[]): Promise<void> {
  const at = Date.now();
  const user = session.value?.user.id ?? "";
  return cacheAnswers(issues.map((issue) => [`${user}|issue/${issue.id}`, { at, etag: null, body: issue }])).catch(
    () => undefined,
  );
}
