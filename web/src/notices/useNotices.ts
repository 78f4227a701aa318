// The list of notices, for one visit to its page.
import { useEffect, useRef } from "preact/hooks";
import { listNotices, markRead } from "../api/notices";
import { reachable } from "../api/request";
import type { Notice, NoticePage } from "../api/types";
import { session } from "../session/session";
import { unread } from "../session/unread";
import { cacheAnswer } from "../store/cache";
import { cacheIssues } from "../ui/issueList";
import { usePages } from "../ui/issuePages";
import type { Pages } from "../ui/issuePages";
import { useCached } from "../ui/useCached";
import { noteUnread } from "./count";
import { onceSeen, unreadLeft } from "./seen";

const PAGE_ROWS = 50;
/** As far as the list goes on by itself for what is unread; then a person asks for more. Source: our choice. */
const ROWS_BY_ITSELF = 200;

/** Those that an account has marked here, with its name: lists from before still call them unread. */
const marked = new Set<string>();

export interface Notices extends Pages<Notice> {
  /** Whether it was unread at some time of this visit. */
  isNew: (notice: Notice) => boolean;
  /** Unread ones that are not shown yet: see `unreadLeft`. */
  left: number;
}

export function useNotices(): Notices {
  const key = "notices";
  const name = `${session.value?.user.id ?? ""}|${key}`;
  /** The highest mark of all that is shown: what came later may stand among it. */
  const latest = useRef(0);
  const first = useCached<NoticePage>(key, async () => {
    const page = await listNotices({ limit: PAGE_ROWS });
    latest.current = page.through;
    await cacheIssues(page.items.map((notice) => notice.issue));
    return page;
  });
  const more = async (cursor: string, limit: number) => {
    const page = await listNotices({ limit, cursor });
    latest.current = Math.max(latest.current, page.through);
    return page;
  };
  const pages = usePages<Notice>(key, first, more, PAGE_ROWS);
  const rows = pages.rows.map((row) => (marked.has(name + row.id) ? { ...row, unread: false } : row));

  const { body } = first;
  /** From the service, and not from this device. */
  const live = first.isLoading || first.failure ? undefined : body;
  const fresh = useRef(new Set<string>());
  if (live) for (const row of rows) if (row.unread) fresh.current.add(row.id);
  /** The first page whose mark has been set. */
  const done = useRef<NoticePage | undefined>(undefined);
  const left = live && live !== done.current ? unreadLeft(live, rows, pages.hasMore) : 0;
  const isIdle = !pages.isLoading && !pages.failure;

  useEffect(() => {
    if (left > 0 && isIdle && rows.length < ROWS_BY_ITSELF) pages.more();
  }, [left, isIdle, rows.length]);

  /** How many are unread as far as this page knows. */
  const known = useRef(0);
  const note = (count: number) => {
    known.current = count;
    noteUnread(count);
  };
  useEffect(() => {
    if (live) note(live.unread);
  }, [live]);
  const count = unread.value;
  useEffect(() => {
    // Something came meanwhile.
    if (live && count > known.current) first.reload();
  }, [count]);

  const mayMark = live !== undefined && live.unread > 0 && left === 0 && isIdle;
  const isReachable = reachable.value;
  useEffect(() => {
    if (!mayMark || live === undefined || done.current === live) return undefined;
    if (latest.current > live.through) return first.reload();
    return onceSeen(() => {
      const seen = { ...live, unread: 0, items: live.items.map((row) => ({ ...row, unread: false })) };
      markRead(live.through).then(
        () => {
          for (const id of fresh.current) marked.add(name + id);
          done.current = live;
          note(0);
          return cacheAnswer(name, { at: Date.now(), etag: null, body: seen });
        },
        () => undefined,
      );
    });
  }, [mayMark, live, isReachable]);

  return { ...pages, rows, left, isNew: (notice) => notice.unread || fresh.current.has(notice.id) };
}
