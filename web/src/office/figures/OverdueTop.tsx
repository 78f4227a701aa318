import { listIssues } from "../../api/issues";
import { issueQuery } from "../../api/query";
import type { OfficeIssue, Page as Paged, ReleasedIssue } from "../../api/types";
import { link } from "../../router";
import { itemOf, unitOf } from "../../session/reference";
import { faultTitle, t } from "../../texts";
import { Due } from "../../ui/Due";
import { useCached } from "../../ui/useCached";
import { Fetched } from "../../ui/Notice";
import { SeverityChip, StateChip } from "../../ui/StateChip";
import { figureLink } from "./links";
import type { Scope } from "./links";

const SHOWN = 10;

/** What is late for longest. */
export function OverdueTop({ scope, count }: { scope: Scope; count: number }) {
  const query = issueQuery({ ...scope, overdue: true, sort: "due_at", limit: SHOWN });
  const list = useCached<Paged<OfficeIssue | ReleasedIssue>>(
    `overdue?${query}`,
    async () => (await listIssues(query)) as Paged<OfficeIssue | ReleasedIssue>,
  );
  return (
    <section class="stack" aria-labelledby="overdue-title">
      <div class="row-spread">
        <h2 id="overdue-title">{t("figures.overdueTop")}</h2>
        <a class="button" href={figureLink("overdue", { from: "", to: "" }, scope)}>
          {t("figures.overdueAll", { count })}
        </a>
      </div>
      <Fetched of={list}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="meta">{t("figures.noOverdue")}</p>
          ) : (
            <ol class="list overdue-top">
              {items.map((issue) => (
                <li key={issue.id}>
                  <a class="list-row" href={link("issue", issue.id)}>
                    <span class="grow stack-tight">
                      <span class="list-title" lang="zh-CN">
                        {issue.point.name}
                      </span>
                      <span class="meta">
                        {faultTitle(itemOf(issue.item_code)) || issue.item_code}
                        {t("punctuation.dot")}
                        <span lang="zh-CN">{unitOf(issue.unit_id)?.name ?? t("unit.unknown")}</span>
                      </span>
                      <span class="wrap">
                        <StateChip state={issue.state} />
                        <SeverityChip severity={issue.severity} />
                        {issue.reminders > 0 ? (
                          <span class="chip tone-warn">{t("figures.remindedTimes", { count: issue.reminders })}</span>
                        ) : null}
                      </span>
                    </span>
                    <Due of={issue} />
                  </a>
                </li>
              ))}
            </ol>
          )
        }
      </Fetched>
    </section>
  );
}
