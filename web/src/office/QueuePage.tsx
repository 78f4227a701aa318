import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { OfficeIssue } from "../api/types";
import { goInstead, link, route } from "../router";
import { itemOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { formatMoment } from "../time/moment";
import { useIssuePages } from "../ui/issuePages";
import { MoreRows } from "../ui/MoreRows";
import { Empty, Fetched, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { Picture } from "../ui/Picture";
import { SeverityChip } from "../ui/StateChip";
import { IssueDesk } from "./IssueDesk";
import { actionOf, isTyping } from "./keys";
import { useQueueCounts } from "./queueCounts";
import { isWaiting, queueFilter, queueOf, QUEUES } from "./queues";

const PAGE_ROWS = 50;
/** Height of the top bar, which covers what is scrolled beneath it. Source: `.top` in the styles. */
const BAR_PX = 72;

/** The queues of decisions: the list on the left, the issue on the right; the next one opens by itself. */
export function QueuePage() {
  const { query } = route.value;
  const queue = queueOf(query.get("kind"));
  const chosen = query.get("id");
  /** Issues that were decided, with their new version: older versions in the list are outdated. */
  const [settled, setSettled] = useState<Map<string, number>>(new Map());
  const [note, setNote] = useState<string | null>(null);
  // The note belongs to the queue in which the decision was taken.
  useEffect(() => setNote(null), [queue.kind]);
  const list = useIssuePages<OfficeIssue>(`queue/${queue.kind}`, queueFilter(queue), PAGE_ROWS);
  const { counts, recount } = useQueueCounts();
  const waiting = list.rows.filter((issue) => isWaiting(queue, issue) && issue.version >= (settled.get(issue.id) ?? 0));
  const isDesk = matchMedia("(min-width: 1024px)").matches;
  // A cached list may begin with a case that was decided since: until the service has answered, none is chosen.
  const firstId = list.first.isLoading ? undefined : waiting[0]?.id;
  // An open issue stays open until the person moves on, even if the list changes.
  const openId = chosen ?? (isDesk ? firstId : undefined);
  // An issue from a link may be further down than the list has been read. One that was seen and is now missing has
  // left the queue.
  const seen = useRef(new Set<string>());
  /** Those that were still in the queue when the service answered: somebody may be looking at them. */
  const confirmed = useRef(new Set<string>());
  for (const issue of waiting) {
    seen.current.add(issue.id);
    if (!list.first.isLoading) confirmed.current.add(issue.id);
  }
  const isGone =
    chosen !== null &&
    seen.current.has(chosen) &&
    !list.first.isLoading &&
    list.first.failure === null &&
    !waiting.some((issue) => issue.id === chosen);
  const panel = useRef<HTMLDivElement>(null);
  const at = (id?: string) => `${link("queue")}?kind=${queue.kind}${id ? `&id=${id}` : ""}`;

  useLayoutEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isTyping(event)) return;
      const action = actionOf("queue", event);
      const step = action === "next" ? 1 : action === "previous" ? -1 : 0;
      const here = waiting.findIndex((issue) => issue.id === openId);
      const next = waiting[here + step];
      if (step !== 0 && next) goInstead(at(next.id));
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });

  useLayoutEffect(() => {
    if (chosen === null && isDesk && firstId !== undefined) goInstead(at(firstId));
  }, [chosen, firstId, queue.kind]);

  // An address from before may name a case that was decided since: the next one opens.
  const isLongGone = isGone && !confirmed.current.has(chosen ?? "");
  useLayoutEffect(() => {
    if (isLongGone) goInstead(at(isDesk ? firstId : undefined));
  }, [isLongGone]);

  // An issue opens at its top, so that nobody decides on what they have not seen: as a placeholder, and again when it
  // is drawn, because only then it has its height.
  function toTop() {
    const top = panel.current?.getBoundingClientRect().top ?? 0;
    if (top < 0) scrollBy(0, top - BAR_PX);
  }
  useLayoutEffect(toTop, [openId]);

  function onDone(issue: OfficeIssue, words: string) {
    const here = waiting.findIndex((one) => one.id === issue.id);
    const next = waiting[here + 1] ?? waiting[here - 1];
    setSettled(new Map([...settled, [issue.id, issue.version]]));
    setNote(words);
    recount();
    goInstead(at(isDesk ? next?.id : undefined));
  }

  return (
    <Page title={t("tab.queue")} isWide>
      <div class="stack queue">
        <nav class="segments" aria-label={t("queue.title")}>
          {QUEUES.map((one) => (
            <a
              key={one.kind}
              href={`${link("queue")}?kind=${one.kind}`}
              aria-current={one.kind === queue.kind ? "true" : undefined}
            >
              {t(`queue.${one.kind}`)}
              {counts[one.kind] === undefined ? "" : ` ${counts[one.kind]}`}
            </a>
          ))}
        </nav>
        {note ? (
          <p class="text-success" role="status">
            {note}
          </p>
        ) : null}
        <Fetched of={list.first}>
          {() =>
            waiting.length === 0 && !list.hasMore && openId === undefined ? (
              <Empty
                action={
                  <button type="button" class="button" onClick={list.first.reload}>
                    {t("action.refresh")}
                  </button>
                }
              >
                {t("queue.empty")}
              </Empty>
            ) : (
              <div class={`desk ${openId ? "desk-open" : ""}`}>
                <div class="desk-list stack">
                  <ul class="list" aria-label={t(`queue.${queue.kind}`)}>
                    {waiting.map((issue) => (
                      <li key={issue.id} id={`row-${issue.id}`}>
                        <QueueRow issue={issue} isOpen={issue.id === openId} href={at(issue.id)} />
                      </li>
                    ))}
                  </ul>
                  <MoreRows of={list} />
                </div>
                {openId ? (
                  <div class="desk-panel" ref={panel}>
                    {isDesk ? null : (
                      <a class="button" href={at()}>
                        {t("queue.toList")}
                      </a>
                    )}
                    {isGone ? (
                      <Notice tone="warn" role="status">
                        <p>{t("queue.gone")}</p>
                        {isDesk ? (
                          <a class="button" href={at(firstId)}>
                            {t("queue.toNext")}
                          </a>
                        ) : null}
                      </Notice>
                    ) : null}
                    <IssueDesk key={openId} id={openId} first={queue.action} onDrawn={toTop} onDone={onDone} />
                  </div>
                ) : null}
              </div>
            )
          }
        </Fetched>
        <p class="caption desk-only">{t("queue.keys")}</p>
      </div>
    </Page>
  );
}

function QueueRow({ issue, isOpen, href }: { issue: OfficeIssue; isOpen: boolean; href: string }) {
  const photo = issue.photos[0];
  return (
    <a class="list-row" href={href} aria-current={isOpen ? "true" : undefined}>
      <span class="thumb thumb-small">
        {photo ? <Picture id={photo.id} variant="thumb" alt="" hasPreview={photo.has_preview} /> : null}
      </span>
      <span class="grow stack-tight">
        <strong lang="zh-CN">{issue.point.name}</strong>
        <span class="caption">{faultTitle(itemOf(issue.item_code)) || issue.item_code}</span>
        <span class="wrap">
          <SeverityChip severity={issue.severity} />
          {issue.overdue ? <span class="chip tone-danger">{t("office.overdue")}</span> : null}
          {issue.flag_codes.length > 0 ? (
            <span class="chip tone-warn">{t("office.flagCount", { count: issue.flag_codes.length })}</span>
          ) : null}
          <span class="caption">{t("queue.receivedAt", { at: formatMoment(issue.received_at) })}</span>
        </span>
      </span>
    </a>
  );
}
