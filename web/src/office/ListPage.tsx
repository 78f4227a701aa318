import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { OfficeIssue } from "../api/types";
import { go, link, route } from "../router";
import { itemOf, unitOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { formatDeadline, formatMoment } from "../time/moment";
import { useIssuePages } from "../ui/issuePages";
import type { Pages } from "../ui/issuePages";
import { MoreRows } from "../ui/MoreRows";
import { Empty, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { Picture } from "../ui/Picture";
import { SeverityChip, StateChip } from "../ui/StateChip";
import { selectTo } from "./bulk";
import { BulkBar } from "./BulkBar";
import { ExportPanel } from "./ExportPanel";
import { FilterBar } from "./FilterBar";
import { apiQuery, canonical } from "./filters";
import { actionOf, isTyping } from "./keys";
import { isHelpOpen } from "./KeysHelp";
import { ViewsBar } from "./ViewsBar";

const PAGE_ROWS = 50;

/** The list of all issues; its filters are in the address. */
export function ListPage() {
  const { query } = route.value;
  const search = useRef<HTMLInputElement>(null);
  const [isExporting, setExporting] = useState(false);
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isTyping(event)) return;
      if (actionOf("list", event) !== "search") return;
      event.preventDefault();
      search.current?.focus();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  return (
    <Page
      title={t("tab.issues")}
      isWide
      aside={
        <button type="button" class="button" aria-expanded={isExporting} onClick={() => setExporting(!isExporting)}>
          {t("export.title")}
        </button>
      }
    >
      <div class="stack">
        <ViewsBar query={query} />
        <FilterBar query={query} search={search} />
        {isExporting ? <ExportPanel query={query} /> : null}
        <List key={canonical(query)} query={query} />
        <p class="caption desk-only">
          {t("list.keys")}{" "}
          <button
            type="button"
            class="link"
            onClick={() => {
              isHelpOpen.value = true;
            }}
          >
            {t("keys.title")}
          </button>
        </p>
      </div>
    </Page>
  );
}

function List({ query }: { query: URLSearchParams }) {
  const asked = new URLSearchParams(apiQuery(query, PAGE_ROWS));
  asked.delete("limit");
  const pages = useIssuePages<OfficeIssue>(`issues?${canonical(query)}`, asked.toString(), PAGE_ROWS);
  return (
    <Fetched of={pages.first} rows={8}>
      {() =>
        pages.rows.length === 0 ? (
          <Empty
            action={
              <a class="button" href="#/issues">
                {t("list.clear")}
              </a>
            }
          >
            {t("list.empty")}
          </Empty>
        ) : (
          <Rows pages={pages} />
        )
      }
    </Fetched>
  );
}

function Rows({ pages }: { pages: Pages<OfficeIssue> }) {
  const { rows } = pages;
  const [at, setAt] = useState(-1);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const last = useRef<number | null>(null);
  const ids = rows.map((row) => row.id);
  const picked = rows.filter((row) => chosen.has(row.id));
  const isAll = picked.length === rows.length;

  function choose(index: number, isRange: boolean) {
    setChosen(selectTo(chosen, ids, index, isRange ? last.current : null));
    last.current = index;
  }
  const chooseAll = () => setChosen(new Set(isAll ? [] : ids));

  // As a layout effect, so that the next key already sees the new state.
  useLayoutEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (isTyping(event)) return;
      const row = rows[at];
      const action = actionOf("list", event);
      if (action === "next") setAt(Math.min(rows.length - 1, at + 1));
      else if (action === "previous") setAt(Math.max(0, at - 1));
      else if ((action === "choose" || action === "choose-to") && row) choose(at, action === "choose-to");
      else if (action === "choose-all") chooseAll();
      else if (action === "clear") setChosen(new Set());
      else if (
        action === "open" &&
        row &&
        !(event.target instanceof HTMLAnchorElement) &&
        !(event.target instanceof HTMLButtonElement)
      )
        go(link("issue", row.id));
      else return;
      event.preventDefault();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  const under = rows[at]?.id;
  useEffect(() => {
    if (under) document.getElementById(`row-${under}`)?.scrollIntoView({ block: "nearest" });
  }, [under]);

  return (
    <div class="stack">
      <label class="tick phone-only">
        <input type="checkbox" checked={isAll} onChange={chooseAll} />
        {t("bulk.chooseAll", { count: rows.length })}
      </label>
      <table class="issues">
        <caption class="visually-hidden">{t("tab.issues")}</caption>
        <thead>
          <tr>
            <th scope="col" class="cell-choose">
              <input
                type="checkbox"
                aria-label={t("bulk.chooseAll", { count: rows.length })}
                checked={isAll}
                onChange={chooseAll}
              />
            </th>
            <th scope="col">{t("list.photo")}</th>
            <th scope="col">{t("list.what")}</th>
            <th scope="col">{t("list.state")}</th>
            <th scope="col">{t("unit.title")}</th>
            <th scope="col">{t("list.due")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((issue, index) => (
            <tr
              key={issue.id}
              id={`row-${issue.id}`}
              class={index === at ? "row-at" : ""}
              aria-selected={chosen.has(issue.id)}
            >
              <td class="cell-choose">
                <label>
                  <input
                    type="checkbox"
                    aria-label={t("bulk.choose", { name: issue.point.name })}
                    checked={chosen.has(issue.id)}
                    onClick={(event) => choose(index, event.shiftKey)}
                  />
                </label>
              </td>
              <td class="cell-photo">
                <span class="thumb thumb-small">
                  {issue.photos[0] ? (
                    <Picture id={issue.photos[0].id} variant="thumb" alt="" hasPreview={issue.photos[0].has_preview} />
                  ) : null}
                </span>
              </td>
              <td>
                <a href={link("issue", issue.id)}>
                  <strong lang="zh-CN">{issue.point.name}</strong>
                </a>
                <br />
                <span class="meta">{faultTitle(itemOf(issue.item_code)) || issue.item_code}</span>
                <br />
                <span class="caption">
                  {issue.number ?? t("issue.noNumber")} {"\u00b7"} {formatMoment(issue.captured_at)}
                </span>
              </td>
              <td>
                <span class="wrap">
                  <StateChip state={issue.state} />
                  <SeverityChip severity={issue.severity} />
                  {issue.flag_codes.length > 0 ? <span class="chip tone-warn">{t("office.flagged")}</span> : null}
                  {issue.requests
                    .filter((request) => request.state === "pending")
                    .map((request) => (
                      <span class="chip tone-violet" key={request.id}>
                        {t(`request.${request.kind}`)}
                      </span>
                    ))}
                </span>
              </td>
              <td data-label={t("unit.title")}>{unitOf(issue.unit_id)?.name ?? t("unit.unknown")}</td>
              <td data-label={t("list.due")}>
                {issue.due_at ? (
                  <span class={issue.overdue ? "text-danger" : ""}>
                    {issue.overdue ? `${t("office.overdue")} ` : ""}
                    {formatDeadline(issue.due_at)}
                  </span>
                ) : (
                  <span class="meta">{t("list.noDue")}</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <MoreRows of={pages} />
      <BulkBar
        chosen={picked}
        onIssue={pages.replace}
        onSelect={(kept) => setChosen(new Set(kept))}
        onClear={() => setChosen(new Set())}
      />
    </div>
  );
}
