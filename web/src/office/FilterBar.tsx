import type { RefObject } from "preact";
import type { Severity } from "../api/types";
import { goInstead } from "../router";
import { placeOf, reference } from "../session/reference";
import { named, t } from "../texts";
import { Icon } from "../ui/Icon";
import { OPEN_STATES } from "../api/states";
import { addressOf, canonical, FILTERS, SINCE, STATES, withFilter } from "./filters";
import type { Filter, FilteredPage } from "./filters";
import { REQUESTED } from "./queues";

const SEVERITIES: Severity[] = ["low", "medium", "high"];

/** What narrows the list; each choice goes into the address at once. */
export function FilterBar({
  query,
  search,
  page = "issues",
}: {
  query: URLSearchParams;
  search: RefObject<HTMLInputElement | null>;
  page?: FilteredPage;
}) {
  const set = (name: Filter, value: string) => goInstead(withFilter(query, name, value, page));
  const isFiltered = FILTERS.some((name) => name !== "sort" && query.get(name));
  const place = placeOf(query.get("point_id"));
  const other: FilteredPage = page === "issues" ? "map" : "issues";
  const select = (name: Filter, label: string, options: [value: string, label: string][], none = t("list.any")) => {
    const value = query.get(name) ?? "";
    // What came by a link or a saved view is shown as it is, not as "any".
    const isOther = value !== "" && !options.some(([one]) => one === value);
    return (
      <label class="field filter">
        <span class="caption">{label}</span>
        <select value={value} onChange={(event) => set(name, event.currentTarget.value)}>
          <option value="">{none}</option>
          {options.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
          {isOther ? <option value={value}>{t("list.other")}</option> : null}
        </select>
      </label>
    );
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
      <div class="field">
        <span class="caption">{t("list.search")}</span>
        <div class="search">
          <Icon name="search" />
          <input
            ref={search}
            type="search"
            aria-label={t("list.search")}
            value={query.get("q") ?? ""}
            onChange={(event) => set("q", event.currentTarget.value.trim())}
          />
        </div>
      </div>
      <details class="filter-more" open={page === "issues" ? matchMedia("(min-width: 720px)").matches : isFiltered}>
        <summary>
          {t("records.filter")}
          {isFiltered ? ` \u00b7 ${t("list.filtered")}` : ""}
        </summary>
        <div class="filters">
          {select("state", t("list.state"), [
            [OPEN_STATES.join(","), t("list.open")],
            ...STATES.map((state): [string, string] => [state, t(`issue.${state}`)]),
          ])}
          {select(
            "unit_id",
            t("unit.title"),
            (reference.value?.units ?? []).map((unit) => [unit.id, unit.name]),
          )}
          {select(
            "campaign",
            t("list.campaign"),
            (reference.value?.campaigns ?? []).map((campaign) => [campaign.code, named(campaign)]),
          )}
          {select(
            "severity",
            t("severity.title"),
            SEVERITIES.map((severity) => [severity, t(`severity.${severity}`)]),
          )}
          {select(
            "from",
            t("list.since"),
            SINCE.map((since) => [since, t(`list.since.${since}`)]),
          )}
          {select("overdue", t("office.overdue"), [["true", t("list.onlyOverdue")]])}
          {select("flagged", t("list.flags"), [["true", t("list.onlyFlagged")]])}
          {select("pending", t("list.pending"), [
            [REQUESTED.join(","), t("list.pendingAny")],
            ...REQUESTED.map((kind): [string, string] => [kind, t(`request.${kind}`)]),
          ])}
          {select("round_min", t("list.rounds"), [["2", t("list.reworked")]])}
          {page === "issues"
            ? select(
                "sort",
                t("list.sort"),
                [
                  ["oldest", t("list.sortOldest")],
                  ["due_at", t("list.sortDue")],
                ],
                t("list.sortNewest"),
              )
            : null}
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
