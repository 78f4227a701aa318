import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import * as calls from "../api/calls";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import type { OfficeIssue, Page as Paged, Severity } from "../api/types";
import { go, goInstead, link, route } from "../router";
import { itemOf, reference, unitOf } from "../session/reference";
import { named, t, titled } from "../texts";
import { deadlineWords, momentWords } from "../time/moment";
import { useKept } from "../ui/kept";
import { Icon } from "../ui/Icon";
import { Empty, FailureNotice, Fetched } from "../ui/Notice";
import { Page } from "../ui/Page";
import { Picture } from "../ui/Picture";
import { SeverityChip, StateChip } from "../ui/StateChip";
import { apiQuery, FILTERS, STATES, withFilter } from "./filters";
import type { Filter } from "./filters";

const PAGE_ROWS = 50;
const SEVERITIES: Severity[] = ["low", "medium", "high"];

/** Every issue, by filters that stand in the address. */
export function ListPage() {
  const { query } = route.value;
  const words = apiQuery(query, PAGE_ROWS);
  const list = useKept(`issues?${words}`, () => calls.listIssues(words) as Promise<Paged<OfficeIssue>>);
  return (
    <Page title={t("tab.issues")} isWide>
      <div class="stack">
        <FilterBar query={query} />
        <Fetched of={list} rows={8}>{(page) => <Rows key={words} first={page} query={query} />}</Fetched>
        <p class="caption desk-only">{t("list.keys")}</p>
      </div>
    </Page>
  );
}

function FilterBar({ query }: { query: URLSearchParams }) {
  const search = useRef<HTMLInputElement>(null);
  const set = (name: Filter, value: string) => goInstead(withFilter(query, name, value));
  const isFiltered = FILTERS.some((name) => name !== "sort" && query.get(name));
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      search.current?.focus();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const select = (name: Filter, label: string, options: [value: string, label: string][]) => (
    <label class="field filter">
      <span class="caption">{label}</span>
      <select value={query.get(name) ?? ""} onChange={(event) => set(name, event.currentTarget.value)}>
        <option value="">{t("list.any")}</option>
        {options.map(([value, words]) => <option key={value} value={value}>{words}</option>)}
      </select>
    </label>
  );
  return (
    <form class="stack" role="search" onSubmit={(event) => { event.preventDefault(); set("q", search.current?.value.trim() ?? ""); }}>
      <div class="field"><span class="caption">{t("list.search")}</span><div class="search"><Icon name="search" /><input ref={search} type="search" aria-label={t("list.search")} value={query.get("q") ?? ""} onChange={(event) => set("q", event.currentTarget.value.trim())} /></div></div>
      <details class="filter-more" open={isFiltered || matchMedia("(min-width: 720px)").matches}>
        <summary>{t("records.filter")}</summary>
        <div class="filters">
          {select("state", t("list.state"), STATES.map((state) => [state, t(`issue.${state}`)]))}
          {select("unit_id", t("unit.title"), (reference.value?.units ?? []).map((unit) => [unit.id, unit.name]))}
          {select("campaign", t("list.campaign"), (reference.value?.campaigns ?? []).map((campaign) => [campaign.code, named(campaign)]))}
          {select("severity", t("severity.title"), SEVERITIES.map((severity) => [severity, t(`severity.${severity}`)]))}
          {select("overdue", t("office.overdue"), [["true", t("list.onlyOverdue")]])}
          {select("flagged", t("list.flags"), [["true", t("list.onlyFlagged")]])}
          {select("sort", t("list.sort"), [["due_at", t("list.sortDue")]])}
          {isFiltered ? <a class="button" href="#/issues">{t("list.clear")}</a> : null}
        </div>
      </details>
    </form>
  );
}

function Rows({ first, query }: { first: Paged<OfficeIssue>; query: URLSearchParams }) {
  const [more, setMore] = useState<OfficeIssue[]>([]);
  const [cursor, setCursor] = useState<string | null | undefined>(undefined);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [at, setAt] = useState(-1);
  const rows = [...first.items, ...more];
  const next = cursor === undefined ? first.next_cursor : cursor;

  // Before the next key, not after the next paint.
  useLayoutEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement) return;
      if (event.key === "j") setAt(Math.min(rows.length - 1, at + 1));
      else if (event.key === "k") setAt(Math.max(0, at - 1));
      else if (event.key === "Enter" && rows[at] && !(event.target instanceof HTMLAnchorElement) && !(event.target instanceof HTMLButtonElement)) go(link("issue", rows[at].id));
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  useEffect(() => { if (at >= 0) document.getElementById(`row-${at}`)?.scrollIntoView({ block: "nearest" }); }, [at]);

  async function load() {
    try {
      const page = (await calls.listIssues(apiQuery(query, PAGE_ROWS, next))) as Paged<OfficeIssue>;
      setMore([...more, ...page.items]);
      setCursor(page.next_cursor);
      setFailure(null);
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  }

  if (rows.length === 0) return <Empty action={<a class="button" href="#/issues">{t("list.clear")}</a>}>{t("list.empty")}</Empty>;
  return (
    <div class="stack">
      <table class="issues">
        <caption class="hush">{t("tab.issues")}</caption>
        <thead><tr><th scope="col">{t("list.photo")}</th><th scope="col">{t("list.what")}</th><th scope="col">{t("list.state")}</th><th scope="col">{t("unit.title")}</th><th scope="col">{t("list.due")}</th></tr></thead>
        <tbody>
          {rows.map((issue, index) => (
            <tr key={issue.id} id={`row-${index}`} aria-selected={index === at || undefined}>
              <td class="cell-photo"><span class="thumb thumb-small">{issue.photos[0] ? <Picture id={issue.photos[0].id} variant="thumb" alt="" hasPreview={issue.photos[0].has_preview} /> : null}</span></td>
              <td><a href={link("issue", issue.id)}><strong lang="zh-CN">{issue.point.name}</strong></a><br /><span class="meta">{titled(itemOf(issue.item_code)) || issue.item_code}</span><br /><span class="caption">{issue.number ?? t("issue.noNumber")} {"\u00b7"} {momentWords(issue.captured_at)}</span></td>
              <td><span class="wrap"><StateChip state={issue.state} /><SeverityChip severity={issue.severity} />{issue.flags.length > 0 ? <span class="chip tone-warn">{t("office.flagged")}</span> : null}</span></td>
              <td data-label={t("unit.title")}>{unitOf(issue.unit_id)?.name ?? t("unit.unknown")}</td>
              <td data-label={t("list.due")}>{issue.due_at ? <span class={issue.overdue ? "text-danger" : ""}>{issue.overdue ? `${t("office.overdue")} ` : ""}{deadlineWords(issue.due_at)}</span> : <span class="meta">{t("list.noDue")}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {failure ? <FailureNotice failure={failure} onRetry={() => void load()} /> : null}
      {next ? <button type="button" class="button" onClick={() => void load()}>{t("list.more")}</button> : <p class="meta">{t("list.all", { count: rows.length })}</p>}
    </div>
  );
}
