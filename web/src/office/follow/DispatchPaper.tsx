import { useEffect, useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { readDispatchList } from "../../api/followUp";
import type { DispatchRow } from "../../api/followUp";
import { PaperPage } from "../../desk/print/PaperPage";
import { listDeadline, paperDay, paperTitle } from "../../desk/print/sheet";
import { link } from "../../router";
import { itemOf, reference } from "../../session/reference";
import { faultTitle, t } from "../../texts";
import { serverNow } from "../../time/moment";
import { FailureNotice } from "../../ui/Notice";
import { chokes } from "./Dispatch";

/** Rows on paper at most. Source: as for the list for meetings. */
const ROWS_MAX = 400;

/** 每日督办清单 on paper. */
export function DispatchPaper() {
  const [rows, setRows] = useState<DispatchRow[]>([]);
  const [total, setTotal] = useState<number | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    const all: DispatchRow[] = [];
    setFailure(null);
    void (async () => {
      try {
        let cursor: string | null = null;
        let count = 0;
        do {
          const part = await readDispatchList(cursor);
          all.push(...part.items);
          count = part.total;
          cursor = part.next_cursor;
        } while (isCurrent && cursor !== null && all.length < ROWS_MAX);
        if (!isCurrent) return;
        setRows(all);
        setTotal(count);
      } catch (cause) {
        if (isCurrent) setFailure(asFailure(cause));
      }
    })();
    return () => {
      isCurrent = false;
    };
  }, [attempt]);
  return (
    <PaperPage
      title={t("follow.dispatch.title")}
      back={link("follow", "dispatch")}
      isReady={total !== null && rows.length > 0 && reference.value !== null}
      notes={failure ? <FailureNotice failure={failure} onRetry={() => setAttempt(attempt + 1)} /> : null}
    >
      {total === null ? null : rows.length === 0 ? (
        <p class="paper">{t("follow.dispatch.empty")}</p>
      ) : (
        <article class="paper" aria-label={t("follow.dispatch.title")}>
          <h2 class="paper-title">{paperTitle(t("follow.dispatch.title"), reference.value?.county_name)}</h2>
          <p class="paper-line">
            <span>{t("follow.dispatch.count", { count: total })}</span>
            <span>{paperDay(serverNow())}</span>
          </p>
          <table class="paper-table">
            <caption class="visually-hidden">{t("follow.dispatch.title")}</caption>
            <thead>
              <tr>
                <th scope="col">{t("print.at")}</th>
                <th scope="col">{t("issue.number")}</th>
                <th scope="col">{t("unit.title")}</th>
                <th scope="col">{t("list.what")}</th>
                <th scope="col">{t("follow.dispatch.why")}</th>
                <th scope="col">{t("list.due")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, at) => (
                <tr key={row.issue_id}>
                  <td>{at + 1}</td>
                  <td class="paper-number">{row.number}</td>
                  <td lang="zh-CN">{row.unit_name}</td>
                  <td>
                    <span lang="zh-CN">{row.point_name}</span>
                    {t("punctuation.colon")}
                    {faultTitle(itemOf(row.item_code)) || row.item_code}
                  </td>
                  <td>{chokes(row)}</td>
                  <td>{listDeadline(row.due_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </article>
      )}
    </PaperPage>
  );
}
