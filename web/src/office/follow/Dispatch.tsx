import { readDispatchList } from "../../api/followUp";
import type { DispatchList, DispatchRow } from "../../api/followUp";
import { listDeadline } from "../../desk/print/sheet";
import { link } from "../../router";
import { itemOf } from "../../session/reference";
import { faultTitle, t } from "../../texts";
import { formatDay } from "../../time/moment";
import { Empty, Fetched } from "../../ui/Notice";
import { SheetLinks } from "../../ui/SheetLinks";
import { useCached } from "../../ui/useCached";

/** What a meeting talks about today: the choke points, those with most reasons first. */
export function Dispatch() {
  const list = useCached<DispatchList>("dispatch-list", () => readDispatchList(null));
  return (
    <Fetched of={list}>
      {(body) =>
        body.items.length === 0 ? (
          <Empty>{t("follow.dispatch.empty")}</Empty>
        ) : (
          <div class="stack">
            <div class="wrap dispatch-head">
              <p>{t("follow.dispatch.sum", { day: formatDay(body.day), count: body.total })}</p>
              <a class="button" href={link("follow", "dispatch", "print")}>
                {t("follow.dispatch.print")}
              </a>
              <SheetLinks path="/dispatch-list/export" labels={[t("follow.dispatch.xlsx"), t("follow.dispatch.csv")]} />
            </div>
            <ul class="stack cards">
              {body.items.map((row) => (
                <li key={row.issue_id}>
                  <Row row={row} />
                </li>
              ))}
            </ul>
            {body.next_cursor === null ? null : (
              <p class="meta">{t("follow.dispatch.cut", { count: body.items.length })}</p>
            )}
          </div>
        )
      }
    </Fetched>
  );
}

function Row({ row }: { row: DispatchRow }) {
  return (
    <section class="card stack-tight">
      <p class="row-spread">
        <a class="grow" href={link("issue", row.issue_id)} lang="zh-CN">
          {row.point_name}
        </a>
        <span class="meta">{row.number}</span>
      </p>
      <p lang="zh-CN">{faultTitle(itemOf(row.item_code)) || row.item_code}</p>
      <p class="text-danger">{chokes(row)}</p>
      <p class="meta">
        <span lang="zh-CN">{row.unit_name}</span> · {t(`issue.${row.state}`)} ·{" "}
        {t("follow.dispatch.due", { at: listDeadline(row.due_at) })}
      </p>
    </section>
  );
}

/** Why an issue is on the list. */
export const chokes = (row: DispatchRow): string =>
  row.chokes.map((choke) => t(`follow.choke.${choke}`)).join(t("punctuation.comma"));
