// When notices may be marked as read: all unread ones have been on the screen, and the page was visible.
import { UNREAD_MAX } from "../api/limits";
import type { Notice, NoticePage } from "../api/types";

/**
 * What is unread came after all that is read. It may stand below, since its time may be told as the begin of its day,
 * and since it may have been delivered late; but never so far below. Source: a day for either.
 */
const BELOW_MAX_MS = 2 * 24 * 3_600_000;

/**
 * How many unread notices are further down than `rows`, of which `page` is the first page: 0 when all are shown,
 * `Infinity` when nobody has counted them.
 */
export function unreadLeft(page: Pick<NoticePage, "unread">, rows: Notice[], hasMore: boolean): number {
  if (!hasMore) return 0;
  const shown = rows.filter((row) => row.unread).length;
  if (page.unread < UNREAD_MAX && shown >= page.unread) return 0;
  const times = (some: Notice[]) => some.flatMap((row) => (row.at === null ? [] : [Date.parse(row.at)]));
  const [latestRead] = times(rows.filter((row) => !row.unread));
  const lowest = times(rows).pop();
  if (latestRead !== undefined && lowest !== undefined && latestRead - lowest > BELOW_MAX_MS) return 0;
  return page.unread < UNREAD_MAX ? page.unread - shown : Infinity;
}

/** Calls `then` once, as soon as what is drawn now has been on a visible screen. Returns a function that stops it. */
export function onceSeen(then: () => void): () => void {
  let frame = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const look = () => {
    stop();
    if (document.visibilityState !== "visible") return;
    // A frame begins before it is painted.
    frame = requestAnimationFrame(() => {
      timer = setTimeout(() => {
        end();
        then();
      });
    });
  };
  const end = () => {
    stop();
    document.removeEventListener("visibilitychange", look);
  };
  document.addEventListener("visibilitychange", look);
  look();
  return end;
}
