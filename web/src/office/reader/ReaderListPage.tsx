import { useRef } from "preact/hooks";
import type { ReleasedIssue } from "../../api/types";
import { link, route } from "../../router";
import { itemOf, unitOf } from "../../session/reference";
import { isOpen } from "../../states";
import { faultTitle, t } from "../../texts";
import { Due } from "../../ui/Due";
import { useIssuePages } from "../../ui/issuePages";
import { MoreRows } from "../../ui/MoreRows";
import { Empty, Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Picture } from "../../ui/Picture";
import { SeverityChip, StateChip } from "../../ui/StateChip";
import { countQuery, useCount } from "../facets";
import { FilterBar } from "../FilterBar";
import { apiQuery, canonical } from "../filters";
import { scopeOf } from "../figures/links";
import { pairOf } from "./pairs";
import { ShowButton } from "./ShowButton";

const PAGE_ROWS = 48;

/** What was released, by the filters of the address. */
export function ReaderListPage() {
  const { query } = route.value;
  const search = useRef<HTMLInputElement>(null);
  return (
    <Page title={t("tab.issues")} isWide>
      <div class="stack list-page">
        <FilterBar query={query} search={search} isReader />
        <List key={canonical(query)} query={query} />
      </div>
    </Page>
  );
}

function List({ query }: { query: URLSearchParams }) {
  const asked = new URLSearchParams(apiQuery(query, PAGE_ROWS));
  asked.delete("limit");
  const pages = useIssuePages<ReleasedIssue>(`released?${canonical(query)}`, asked.toString(), PAGE_ROWS);
  const counts = useCount(countQuery(query));
  const scope = new URLSearchParams(scopeOf(query) as Record<string, string>).toString();
  return (
    <>
      <div class="reader-tools">
        <p class="meta grow" role="status">
          {counts ? t("wall.totals", { total: counts.total, overdue: counts.overdue }) : "\u00a0"}
        </p>
        <a class="button" href={link("wall") + (scope === "" ? "" : `?${scope}`)}>
          {t("tab.wall")}
        </a>
        <ShowButton pages={pages} />
      </div>
      <Fetched of={pages.first} rows={6}>
        {() =>
          pages.rows.length === 0 ? (
            <Empty
              action={
                <a class="button" href={link("issues")}>
                  {t("list.clear")}
                </a>
              }
            >
              {t("list.empty")}
            </Empty>
          ) : (
            <div class="stack">
              <ul class="reader-cards">
                {pages.rows.map((issue) => (
                  <li key={issue.id} id={`row-${issue.id}`}>
                    <Card issue={issue} />
                  </li>
                ))}
              </ul>
              <MoreRows of={pages} />
            </div>
          )
        }
      </Fetched>
    </>
  );
}

function Card({ issue }: { issue: ReleasedIssue }) {
  const { before } = pairOf(issue.photos);
  return (
    <a class="card card-tight row plain reader-card" href={link("issue", issue.id)}>
      <span class="thumb">
        {before ? <Picture id={before.id} variant="thumb" alt="" hasPreview={before.has_preview} /> : null}
      </span>
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
        {issue.state === "hung" ? (
          <span class="meta">{t("time.paused")}</span>
        ) : isOpen(issue.state) && issue.due_at ? (
          <Due of={issue} />
        ) : null}
      </span>
    </a>
  );
}
