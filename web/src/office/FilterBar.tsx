import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { FACETS } from "../api/facets";
import type { IssueQuery } from "../api/query";
import { keysOf } from "../keysOf";
import { go } from "../router";
import { placeOf, reference } from "../session/reference";
import { openStates } from "../states";
import { faultTitle, localName, t, textIfKnown } from "../texts";
import { Icon } from "../ui/Icon";
import { isWide } from "../ui/isWide";
import { addressOf, canonical, FACET_NAMES, FILTERS, IN_HAND, NOT_VOID, ofFacets, SINCE } from "./filters";
import { STATES, withFilter } from "./filters";
import type { Facet, Filter, FilteredPage, ListFilter } from "./filters";
import { areas } from "./areas";
import { FilterChip, FilterToggle, StateFilter } from "./FilterChip";
import type { List } from "./FilterChip";
import { REQUESTED } from "./queues";
import { isReleasedState, toldOf } from "./toldFilters";

/** The filters of roles that read what was released. */
const OF_READERS: ListFilter[] = [
  "state",
  "unit_id",
  "area",
  "campaign",
  "item_code",
  ...FACET_NAMES,
  "from",
  "overdue",
  "reminded_min",
  "round_min",
  "rebound",
  "sort",
];
/** Those that are needed less often: behind a button where the others are one line. */
const SELDOM: ListFilter[] = ["area", "reminded_min", "rebound"];

const textOf = (facet: Facet, code: string): string => textIfKnown(`${facet}.${code}`) ?? code;

/** A list of every facet, by the names of its codes. */
const facetLists = (): Record<Facet, List> =>
  ofFacets((name) => ({
    label: textOf(name, "title"),
    options: FACETS[name].map((code) => [code, textOf(name, code)]),
  }));

/** The lists to choose from, in the order in which they are drawn. */
export const filterLists = (isReader = false): Record<ListFilter, List> => ({
  state: {
    label: t("list.state"),
    options: [
      ...(isReader ? [] : [[openStates().join(","), t("list.open")] as [string, string]]),
      [IN_HAND.join(","), t("list.inHand")],
      ...STATES.filter((state) => !isReader || isReleasedState(state)).map((state): [string, string] => [
        state,
        t(`issue.${state}`),
      ]),
      [NOT_VOID.join(","), t("list.notVoid")],
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
  ...facetLists(),
  from: {
    label: t(isReader ? "list.releasedSince" : "list.since"),
    options: SINCE.map((since) => [since, t(`list.since.${since}`)]),
  },
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
  area: { label: t("list.area"), options: areas(reference.value?.units ?? []) },
  reminded_min: { label: t("list.reminded"), options: [["2", t("list.remindedTwice")]] },
  rebound: { label: t("list.rebound"), options: [["true", t("list.onlyRebounds")]] },
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
  isReader = false,
  children,
}: {
  query: URLSearchParams;
  search: RefObject<HTMLInputElement | null>;
  page?: FilteredPage;
  /** For roles that read what was released. */
  isReader?: boolean;
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
  const all = filterLists(isReader);
  const offered = (isReader ? OF_READERS : keysOf(all)).filter(
    (name) => (name !== "sort" || (page === "issues" && !isLine)) && (name !== "area" || all.area.options.length > 0),
  );
  const hasSeldom = SELDOM.some((name) => query.get(name));
  const [isMore, setMore] = useState(false);
  const told = toldOf(query, isReader);
  const without = (names: Filter[]) => {
    const next = new URLSearchParams(query);
    for (const name of names) next.delete(name);
    go(addressOf(page, next.toString()));
  };
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
          {offered.filter((name) => !isLine || !SELDOM.includes(name)).map(filter)}
          {isLine ? (
            <button
              type="button"
              class="button"
              aria-expanded={isMore || hasSeldom}
              onClick={() => setMore(!isMore)}
              disabled={hasSeldom}
            >
              {t("list.seldom")}
            </button>
          ) : null}
          {isReader ? null : (
            <a class="button" href={addressOf(other, canonical(query))}>
              {t(other === "map" ? "list.toMap" : "map.toList")}
            </a>
          )}
          {isFiltered ? (
            <a class="button" href={addressOf(page, "")}>
              {t("list.clear")}
            </a>
          ) : null}
        </div>
        {isLine && (isMore || hasSeldom) ? (
          <div class="filters filters-seldom">{offered.filter((name) => SELDOM.includes(name)).map(filter)}</div>
        ) : null}
      </details>
      {told.length > 0 ? (
        <ul class="wrap told">
          {told.map(({ filters, words }) => (
            <li key={filters.join()}>
              <button
                type="button"
                class="button told-chip"
                aria-label={t("told.remove", { what: words })}
                onClick={() => without(filters)}
              >
                {words}
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
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
