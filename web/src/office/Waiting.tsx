import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { OfficeIssue } from "../api/types";
import { goInstead, link, route } from "../router";
import { itemOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { formatMoment } from "../time/moment";
import { MoreRows } from "../ui/MoreRows";
import { Empty, Fetched, Notice } from "../ui/Notice";
import { Picture } from "../ui/Picture";
import { SeverityChip } from "../ui/StateChip";
import { knownCase, readAhead } from "./ahead";
import { BatchRelease } from "./BatchRelease";
import { Row } from "./drawing";
import { held, hold, isPending, settled } from "./held";
import { IssueDesk } from "./IssueDesk";
import { actionOf, isTyping } from "./keys";
import { isWide } from "../ui/isWide";
import { useQueuePages } from "./queuePages";
import { isWaiting, queueFilter } from "./queues";
import type { Queue } from "./queues";

const PAGE_ROWS = 50;
/** With fewer rows left the next page is fetched. Source: our choice. */
const FEW_ROWS = 15;

/** The cases of one queue, and the one that is open. */
export function Waiting({ queue, words, isBatch }: { queue: Queue; words: string; isBatch: boolean }) {
  const chosen = route.value.query.get("id");
  const list = useQueuePages(`queue/${queue.kind}?${words}`, queueFilter(queue, words), PAGE_ROWS);
  const decided = new Set(held.value.filter(isPending).map((one) => one.issueId));
  const waiting = list.rows.map(asSettled).filter((issue) => isWaiting(queue, issue) && !decided.has(issue.id));
  const isDesk = isWide("1024px");
  const isMine = (issue: OfficeIssue) => issue.allowed_actions.includes(queue.action);
  // A cached list may begin with a case that was decided since: until the service has answered, none is chosen.
  const firstId = list.first.isLoading ? undefined : (waiting.find(isMine) ?? waiting[0])?.id;
  // An open issue stays open until the person moves on, even if the list changes.
  const openId = isBatch ? undefined : (chosen ?? (isDesk ? firstId : undefined));
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
    !decided.has(chosen) &&
    !list.first.isLoading &&
    list.first.failure === null &&
    !waiting.some((issue) => issue.id === chosen);
  const at = (id?: string) =>
    `${link("queue")}?kind=${queue.kind}${words ? `&q=${encodeURIComponent(words)}` : ""}${id ? `&id=${id}` : ""}`;
  /** The case that was open before. */
  const before = useRef(openId);
  useEffect(() => {
    before.current = openId ?? before.current;
  }, [openId]);
  const here = waiting.findIndex((issue) => issue.id === openId);

  useLayoutEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isTyping(event)) return;
      const action = actionOf("queue", event);
      const step = action === "next" ? 1 : action === "previous" ? -1 : 0;
      const next = waiting[here + step];
      if (step !== 0 && next && !isBatch) goInstead(at(next.id));
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });

  useLayoutEffect(() => {
    if (chosen === null && isDesk && !isBatch && firstId !== undefined) goInstead(at(firstId));
  }, [chosen, firstId, isBatch]);

  // An address from before may name a case that was decided since: the next one opens.
  const isLongGone = isGone && !confirmed.current.has(chosen ?? "");
  useLayoutEffect(() => {
    if (isLongGone) goInstead(at(isDesk ? firstId : undefined));
  }, [isLongGone]);

  // What is open stays in sight in the list, and the next one is read while this one is looked at.
  useLayoutEffect(() => {
    if (isDesk && openId) document.getElementById(`row-${openId}`)?.scrollIntoView({ block: "nearest" });
  }, [openId, here]);
  const ahead = [waiting[here + 1], waiting[here + 2]];
  useEffect(() => {
    if (isDesk) for (const row of ahead) if (row) void readAhead(row);
  }, [openId, ahead[0]?.id, ahead[1]?.id]);
  useEffect(() => {
    if (list.hasMore && !list.isLoading && !list.failure && waiting.length < FEW_ROWS) list.more();
  }, [list.hasMore, list.isLoading, waiting.length]);

  // On a screen where the page itself scrolls, the next case begins at its top too.
  useLayoutEffect(() => {
    if (!isDesk) scrollTo(0, 0);
  }, [openId]);

  /** Where to go on: the next case that this person may decide, else the next one, else the one before. */
  function after(gone: OfficeIssue): string | undefined {
    const from = waiting.findIndex((one) => one.id === gone.id);
    const rest = [...waiting.slice(from + 1), ...waiting.slice(0, Math.max(0, from)).reverse()];
    return (rest.find(isMine) ?? rest[0])?.id;
  }

  const isEmpty = waiting.length === 0 && !list.hasMore && openId === undefined;
  return (
    <Fetched of={list.first}>
      {() =>
        isEmpty ? (
          <Empty
            action={
              <button type="button" class="button" onClick={list.first.reload}>
                {t("action.refresh")}
              </button>
            }
          >
            {t(words ? "list.empty" : "queue.empty")}
          </Empty>
        ) : isBatch ? (
          <div class="batch-page">
            <BatchRelease
              rows={waiting}
              onRelease={(all) => {
                hold(all.map((issue) => ({ issue, action: "release", body: {}, fields: null, queue: queue.kind })));
                goInstead(at());
              }}
            />
            <MoreRows of={list} />
          </div>
        ) : (
          <div class={`desk ${openId ? "desk-open" : ""}`}>
            <div class="desk-list">
              <ul class="list" aria-label={t(`queue.${queue.kind}`)}>
                {waiting.map((issue) => (
                  <li key={issue.id} id={`row-${issue.id}`}>
                    <QueueRow issue={issue} isOpen={issue.id === openId} isMine={isMine(issue)} href={at(issue.id)} />
                  </li>
                ))}
              </ul>
              <MoreRows of={list} />
            </div>
            {openId ? (
              <div class="desk-panel">
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
                <IssueDesk
                  key={openId}
                  id={openId}
                  first={queue.action}
                  known={knownCase(waiting[here])}
                  takesFocus={before.current !== undefined && before.current !== openId}
                  onDone={() => undefined}
                  onHold={(issue, action, body, fields) => {
                    const next = after(issue);
                    hold([{ issue, action, body, fields, queue: queue.kind }]);
                    goInstead(at(isDesk ? next : undefined));
                  }}
                />
              </div>
            ) : null}
          </div>
        )
      }
    </Fetched>
  );
}

/** The row as it was answered since: a decision may have left it in its queue, or may have taken it out. */
function asSettled(row: OfficeIssue): OfficeIssue {
  const since = settled.value.get(row.id);
  return since && since.version > row.version ? since : row;
}

interface RowProps {
  issue: OfficeIssue;
  isOpen: boolean;
  isMine: boolean;
  href: string;
}

class QueueRow extends Row<RowProps> {
  override render({ issue, isOpen, isMine, href }: RowProps) {
    const photo = issue.photos[0];
    return (
      <a class="list-row" href={href} aria-current={isOpen ? "true" : undefined}>
        <span class="thumb thumb-small">
          {photo ? <Picture id={photo.id} variant="thumb" alt="" hasPreview={photo.has_preview} /> : null}
        </span>
        <span class="grow stack-tight">
          <span class="queue-place">
            <strong lang="zh-CN">{issue.point.name}</strong>
            <span class="caption">
              <span class="visually-hidden">{t("queue.received")}</span> {formatMoment(issue.received_at)}
            </span>
          </span>
          <span class="caption">{faultTitle(itemOf(issue.item_code)) || issue.item_code}</span>
          <span class="wrap">
            <SeverityChip severity={issue.severity} />
            {issue.overdue ? <span class="chip tone-danger">{t("office.overdue")}</span> : null}
            {issue.flag_codes.length > 0 ? (
              <span class="chip tone-warn">{t("office.flagCount", { count: issue.flag_codes.length })}</span>
            ) : null}
            {isMine ? null : <span class="chip">{t("queue.others")}</span>}
          </span>
        </span>
      </a>
    );
  }
}
