import { issueQuery } from "../../api/query";
import type { ReleasedIssue, Schemas } from "../../api/types";
import { link, route } from "../../router";
import { itemOf, unitOf } from "../../session/reference";
import { statesIn } from "../../states";
import { faultTitle, t } from "../../texts";
import { formatDay } from "../../time/moment";
import { useIssuePages } from "../../ui/issuePages";
import { MoreRows } from "../../ui/MoreRows";
import { Empty, Fetched } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Picture } from "../../ui/Picture";
import { scopeOf } from "../figures/links";
import { ScopeBar } from "../figures/ScopeBar";
import { pairOf } from "./pairs";
import { ShowButton } from "./ShowButton";

/** Pairs that are fetched at once. */
const PAGE_PAIRS = 24;

/** What was closed, before and after. */
export function WallPage() {
  const scope = scopeOf(route.value.query);
  const query = issueQuery({ ...scope, state: statesIn("closed").join() });
  return (
    <Page title={t("wall.title")} isWide>
      <div class="stack">
        <ScopeBar page="wall" scope={scope} />
        <Wall key={query} query={query} />
      </div>
    </Page>
  );
}

function Wall({ query }: { query: string }) {
  const pages = useIssuePages<ReleasedIssue>(`wall?${query}`, query, PAGE_PAIRS);
  return (
    <Fetched of={pages.first}>
      {() =>
        pages.rows.length === 0 ? (
          <Empty>{t("wall.empty")}</Empty>
        ) : (
          <div class="stack">
            <div class="reader-tools">
              <p class="meta grow">{t("wall.intro")}</p>
              <ShowButton pages={pages} />
            </div>
            <ul class="wall">
              {pages.rows.map((issue) => (
                <li key={issue.id} id={`row-${issue.id}`}>
                  <PairTile issue={issue} />
                </li>
              ))}
            </ul>
            <MoreRows of={pages} />
          </div>
        )
      }
    </Fetched>
  );
}

function PairTile({ issue }: { issue: ReleasedIssue }) {
  const { before, after } = pairOf(issue.photos);
  return (
    <a class="card card-tight plain wall-tile" href={link("issue", issue.id)}>
      <span class="wall-pair">
        <Half photo={before} words={t("wall.before")} />
        <Half photo={after} words={t("wall.after")} />
      </span>
      <span class="list-title" lang="zh-CN">
        {issue.point.name}
      </span>
      <span class="meta">
        {faultTitle(itemOf(issue.item_code)) || issue.item_code}
        {t("punctuation.dot")}
        <span lang="zh-CN">{unitOf(issue.unit_id)?.name ?? t("unit.unknown")}</span>
      </span>
      {issue.closed_on ? (
        <span class="meta">{t("wall.closed", { day: formatDay(`${issue.closed_on}T04:00:00Z`) })}</span>
      ) : null}
    </a>
  );
}

function Half({ photo, words }: { photo: Schemas["PublicPhoto"] | null; words: string }) {
  return (
    <span class="photo-frame wall-half">
      {photo ? (
        <Picture id={photo.id} variant="thumb" alt={words} hasPreview={photo.has_preview} />
      ) : (
        <span class="photo-note">{t("wall.noPhoto")}</span>
      )}
      <span class="photo-tag" aria-hidden="true">
        {words}
      </span>
    </span>
  );
}
