import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { IssueQuery } from "../api/query";
import { keysOf } from "../keysOf";
import { go } from "../router";
import { placeOf, reference } from "../session/reference";
import { SEVERITIES } from "../severities";
import { openStates } from "../states";
import { faultTitle, localName, t } from "../texts";
import { Icon } from "../ui/Icon";
import { isWide } from "../ui/isWide";
import { addressOf, canonical, FILTERS, SINCE, STATES, withFilter } from "./filters";
import type { Filter, FilteredPage, ListFilter } from "./filters";
import { FilterChip, FilterToggle, StateFilter } from "./FilterChip";
import type { List } from "./FilterChip";
import { REQUESTED } from "./queues";

/** The lists to choose from, in the order in which they are drawn. */
export const filterLists = (): Record<ListFilter, List> => ({
  state: {
    label: t("list.state"),
    options: [
      [openStates().join(","), t("list.open")],
      ...STATES.map((state): [string, string] => [state, t(`issue.${state}`)]),
    ],
  },
  unit_id: { label: t("unit.title"), options: (reference.value?.units ?? []).map((unit) => [unit.id, unit.name]) },
  campaign: {
    label: t("list.campaign"),
    options: (reference.value?.campaigns ?? []).map((campaign) => [campaign.code, localName(campaign)]),
  },
  item_code: {
    label: t("list.item"),
    options: (reference.value?.items ?? []).map((item) => [
      item.code,
      faultTitle(item),
      localName(reference.value?.campaigns.find((campaign) => campaign.code === item.campaign)) || item.campaign,
    ]),
  },
  severity: {
    label: t("severity.title"),
    options: SEVERITIES.map((severity) => [severity, t(`severity.${severity}`)]),
  },
  from: { label: t("list.since"), options: SINCE.map((since) => [since, t(`list.since.${since}`)]) },
  overdue: { label: t("office.overdue"), options: [["true", t("list.onlyOverdue")]] },
  flagged: { label: t("list.flags"), options: [["true", t("list.onlyFlagged")]] },
  pending: {
    label: t("list.pending"),
    options: [
      [REQUESTED.join(","), t("list.pendingAny")],
      ...REQUESTED.map((kind): [string, string] => [kind, t(`request.${kind}`)]),
    ],
  },
  round_min: { label: t("list.rounds"), options: [["2", t("list.reworked")]] },
  sort: {
    label: t("list.sort"),
    options: keysOf(SORTS).map((sort) => [sort, t(SORTS[sort])]),
    none: t("list.sortNewest"),
  },
});
/** The orders besides the service's own, the newest first. */
const SORTS: Record<Exclude<NonNullable<IssueQuery["sort"]>, "-created_at">, "list.sortOldest" | "list.sortDue"> = {
  oldest: "list.sortOldest",
  due_at: "list.sortDue",
};

/** The filters of the list. Each choice changes the address at once. */
export function FilterBar({
  query,
  search,
  page = "issues",
  children,
}: {
  query: URLSearchParams;
  search: RefObject<HTMLInputElement | null>;
  page?: FilteredPage;
  /** What stands beside the search. */
  children?: ComponentChildren;
}) {
  // Each choice is an entry of its own for Back: the search before is one step away.
  const set = (name: Filter, value: string) => go(withFilter(query, name, value, page));
  // What is typed stays until it is sent, whatever else of the page changes meanwhile.
  const sent = query.get("q") ?? "";
  const [words, setWords] = useState(sent);
  useEffect(() => setWords(sent), [sent]);
  const isFiltered = FILTERS.some((name) => name !== "sort" && query.get(name));
  const place = placeOf(query.get("point_id"));
  const other: FilteredPage = page === "issues" ? "map" : "issues";
  const isLine = page === "issues" && isWide("720px");
  const all = filterLists();
  const filter = (name: ListFilter) => {
    // In a line there is no room for a word above each: where nothing is chosen, it says what it is about.
    const list = isLine ? { ...all[name], none: all[name].label } : all[name];
    const props = { name, list, query, onSet: (value: string) => set(name, value) };
    if (isLine && all[name].options.length === 1) return <FilterToggle key={name} {...props} />;
    return isLine && name === "state" ? <StateFilter key={name} {...props} /> : <FilterChip key={name} {...props} />;
  };
  return (
    <form
      class="stack"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        set("q", search.current?.value.trim() ?? "");
      }}
    >
      <div class="list-search">
        <div class="field">
          <span class="caption">{t("list.search")}</span>
          <div class="search">
            <Icon name="search" />
            <input
              ref={search}
              type="search"
              aria-label={t("list.search")}
              placeholder={isLine ? t("list.search") : undefined}
              value={words}
              onInput={(event) => setWords(event.currentTarget.value)}
              onChange={(event) => set("q", event.currentTarget.value.trim())}
            />
          </div>
        </div>
        {children}
      </div>
      <details
        class={isLine ? "filter-more filter-line" : "filter-more"}
        open={isLine || (page === "map" && isFiltered)}
      >
        <summary>
          {t("records.filter")}
          {isFiltered ? ` \u00b7 ${t("list.filtered")}` : ""}
        </summary>
        <div class="filters">
          {keysOf(all)
            .filter((name) => name !== "sort" || (page === "issues" && !isLine))
            .map(filter)}
          <a class="button" href={addressOf(other, canonical(query))}>
            {t(other === "map" ? "list.toMap" : "map.toList")}
          </a>
          {isFiltered ? (
            <a class="button" href={addressOf(page, "")}>
              {t("list.clear")}
            </a>
          ) : null}
        </div>
      </details>
      {place ? (
        <p class="wrap">
          <span class="chip">{t("list.atPoint", { point: place.name })}</span>
          <button type="button" class="button" onClick={() => set("point_id", "")}>
            {t("list.anyPoint")}
          </button>
        </p>
      ) : null}
    </form>
  );
}
