import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { listIssues } from "../../api/issues";
import { PAGE_MAX } from "../../api/limits";
import type { OfficeIssue, Page as Paged, Place } from "../../api/types";
import { followPosition, position } from "../../place/position";
import { route } from "../../router";
import { reference } from "../../session/reference";
import { t } from "../../texts";
import { useCached } from "../../ui/useCached";
import { Empty, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { FilterBar } from "../FilterBar";
import { openStates } from "../../states";
import { addressOf, apiQuery, canonical, listLink } from "../filters";
import type { Filter } from "../filters";
import { clustersOf } from "./clusters";
import type { Cluster, Spot } from "./clusters";
import type { Mark } from "../../map/draw";
import { MapCanvas } from "./MapCanvas";
import { viewAt, viewOf } from "../../map/view";
import type { View } from "../../map/view";

/** Maximum number of issues that are counted. Source: our choice; ten responses. */
const COUNTED_MAX = 2_000;
/** Marks have names below this scale, in metres per pixel. Source: looking at the demo county. */
const NAMED_FROM = 3;

/** Places that are out of use are only known from their issues. */
interface Row extends Spot {
  place: Pick<Place, "name" | "address">;
}
type Counted = Pick<Paged<OfficeIssue>, "next_cursor"> & { items: { point: OfficeIssue["point"]; overdue: boolean }[] };

/** The issues that match the filters, the newest if there are too many; without a state filter, the open ones. */
async function issuesOf(query: URLSearchParams): Promise<Counted> {
  const asked = new URLSearchParams(query);
  if (!asked.get("state")) asked.set("state", openStates().join(","));
  asked.delete("sort");
  const items: Counted["items"] = [];
  let cursor: string | null = null;
  for (;;) {
    const page: Paged<OfficeIssue> = (await listIssues(apiQuery(asked, PAGE_MAX, cursor))) as Paged<OfficeIssue>;
    items.push(...page.items.map((issue) => ({ point: issue.point, overdue: issue.overdue })));
    cursor = page.next_cursor;
    if (cursor === null || items.length >= COUNTED_MAX) return { items, next_cursor: cursor };
  }
}

/** Where the issues are, as a map and as a list. */
export function MapPage() {
  const { query } = route.value;
  const search = useRef<HTMLInputElement>(null);
  const words = canonical(query);
  const list = useCached(`issues/map?${words}`, () => issuesOf(query));
  return (
    <Page title={t("tab.map")} isWide>
      <div class="stack">
        <FilterBar query={query} search={search} page="map" />
        <Fetched of={list}>{(counted) => <Places key={words} counted={counted} query={query} />}</Fetched>
      </div>
    </Page>
  );
}

function Places({ counted, query }: { counted: Counted; query: URLSearchParams }) {
  const places = reference.value?.points ?? [];
  const isFiltered = canonical(query) !== "";
  const rows = useMemo(() => rowsOf(places, counted.items), [places, counted]);
  // With filters, only places with matches; without, every place.
  const shown = isFiltered ? rows.filter((row) => row.open > 0) : rows;
  const asked = query.get("point");
  const [chosen, setChosen] = useState<string | null>(asked);
  const view = useSignal<View | null>(null);
  const find = (id: string | null) => rows.find((row) => row.id === id);
  const one = find(chosen);
  useEffect(() => {
    const place = find(asked);
    setChosen(asked);
    if (place)
      view.value = viewAt(
        { centre: place.location, metresPerPixel: 2, shrink: Math.cos((place.location.lat * Math.PI) / 180) },
        place.location,
      );
  }, [asked]);

  const own = usePosition();
  const drawn = one && !shown.includes(one) ? [...shown, one] : shown;
  const clusters = useMemo(() => ({ at: 0, apart: "", of: drawn, found: [] as Cluster[] }), [drawn.length, counted]);
  function marksOf(now: View): (Mark & { cluster?: Cluster })[] {
    if (clusters.at !== now.metresPerPixel || clusters.apart !== (chosen ?? ""))
      Object.assign(clusters, { at: now.metresPerPixel, apart: chosen ?? "", found: clustersOf(drawn, now, chosen) });
    const marks = clusters.found.map((cluster) => markOf(cluster, chosen, now));
    // The most important marks are drawn last, on top.
    marks.sort(
      (a, b) =>
        Number(a.isChosen) - Number(b.isChosen) || a.cluster.late - b.cluster.late || a.cluster.open - b.cluster.open,
    );
    return own.mark ? [own.mark, ...marks] : marks;
  }
  function onMark({ cluster }: { cluster?: Cluster }) {
    if (!cluster) return;
    const [first] = cluster.spots;
    if (cluster.spots.length === 1 || !first) return choose(first?.id ?? null);
    const fitted = viewOf(
      cluster.spots.map((spot) => spot.location),
      300,
      300,
      1,
    );
    // If zooming in cannot separate the places, choose the most urgent.
    if (view.value && fitted.metresPerPixel >= view.value.metresPerPixel) return choose(first.id);
    view.value = fitted;
  }
  const choose = (id: string | null) => setChosen(id);
  const goTo = (row: Row) => {
    setChosen(row.id);
    if (view.value) view.value = viewAt(view.value, row.location);
  };

  if (places.length === 0) return <Empty>{t("points.noReference")}</Empty>;
  if (shown.length === 0)
    return (
      <Empty
        action={
          <a class="button" href={addressOf("map", "")}>
            {t("list.clear")}
          </a>
        }
      >
        {t("list.empty")}
      </Empty>
    );
  const listWords = (row: Row) => listLink({ ...filtersOf(query), point_id: row.id });
  return (
    <div class="stack">
      {counted.next_cursor === null ? null : (
        <Notice tone="info">{t("map.cut", { count: counted.items.length })}</Notice>
      )}
      <div class="desk desk-map">
        <div class="stack">
          <MapCanvas
            label={t("map.label", { count: shown.length })}
            view={view}
            marksOf={marksOf}
            onMark={onMark}
            initialView={(width, height) =>
              viewOf(
                shown.map((row) => row.location),
                width,
                height,
              )
            }
          >
            {own.button}
          </MapCanvas>
          {one ? (
            <div class="card row-spread" role="status">
              <span class="grow">
                <strong lang="zh-CN">{one.place.name}</strong>
                <br />
                <span class="meta" lang="zh-CN">
                  {one.place.address}
                </span>
                <br />
                <span class={one.late > 0 ? "text-danger" : "meta"}>{countText(one)}</span>
              </span>
              <a class="button" href={listWords(one)}>
                {t("map.toIssues")}
              </a>
            </div>
          ) : (
            <p class="caption">{t("map.hint")}</p>
          )}
          {own.words ? (
            <p class="meta" role="status">
              {own.words}
            </p>
          ) : null}
        </div>
        <ul class="list desk-list" aria-label={t("map.listTitle")}>
          {shown.map((row) => (
            <li key={row.id} class="list-row row-spread" aria-current={chosen === row.id ? "true" : undefined}>
              <a class="plain grow" href={listWords(row)} onFocus={() => setChosen(row.id)}>
                <strong lang="zh-CN">{row.place.name}</strong>
                <br />
                <span class="caption" lang="zh-CN">
                  {row.place.address}
                </span>
                <br />
                <span class={row.late > 0 ? "text-danger" : "meta"}>{countText(row)}</span>
              </a>
              <button
                type="button"
                class="button"
                aria-label={t("map.showOf", { name: row.place.name })}
                onClick={() => goTo(row)}
              >
                {t("map.show")}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

const countText = ({ open, late }: Spot): string =>
  late > 0 ? t("map.late", { open, late }) : t("map.open", { open });

/** The filters of the address, without the parameters of the map. */
function filtersOf(query: URLSearchParams): Partial<Record<Filter, string>> {
  const filters: Partial<Record<Filter, string>> = {};
  new URLSearchParams(canonical(query)).forEach((value, name) => {
    filters[name as Filter] = value;
  });
  return filters;
}

function rowsOf(places: Place[], issues: Counted["items"]): Row[] {
  const counts = new Map<string, { open: number; late: number }>();
  for (const issue of issues) {
    const { open, late } = counts.get(issue.point.id) ?? { open: 0, late: 0 };
    counts.set(issue.point.id, { open: open + 1, late: late + Number(issue.overdue) });
  }
  const all = new Map<string, Pick<Place, "id" | "name" | "address" | "location">>(
    [...issues.map(({ point }) => point), ...places].map((place) => [place.id, place]),
  );
  return [...all.values()]
    .flatMap((place) =>
      place.location === null
        ? []
        : [{ id: place.id, location: place.location, place, ...(counts.get(place.id) ?? { open: 0, late: 0 }) }],
    )
    .sort((a, b) => b.late - a.late || b.open - a.open);
}

function markOf(cluster: Cluster, chosen: string | null, view: View): Mark & { cluster: Cluster } {
  const {
    spots: [first],
    open,
    late,
    location,
  } = cluster;
  const isMany = cluster.spots.length > 1;
  const isChosen = !isMany && first?.id === chosen;
  const name = isMany ? t("map.many", { count: cluster.spots.length }) : (first as Row).place.name;
  return {
    cluster,
    location,
    isMany,
    isChosen,
    shape: late > 0 ? "late" : open > 0 ? "open" : "quiet",
    tone: late > 0 ? "danger" : open > 0 ? "warn" : "muted",
    ...(open > 0 ? { count: open } : {}),
    ...(isChosen || view.metresPerPixel < NAMED_FROM ? { label: name } : {}),
  };
}

/** Where this device is, once somebody asks for it. */
function usePosition() {
  const [isAsked, setAsked] = useState(false);
  useEffect(() => (isAsked ? followPosition() : undefined), [isAsked]);
  const state = position.value;
  const mark: Mark | null =
    isAsked && state.kind === "known"
      ? { location: state.location, radiusM: state.location.accuracy_m, shape: "here", tone: "primary" }
      : null;
  const words =
    !isAsked || state.kind === "known"
      ? ""
      : t(state.kind === "denied" ? "map.noPermission" : state.kind === "unavailable" ? "map.noFix" : "map.seeking");
  const button =
    "geolocation" in navigator ? (
      <button type="button" class="button" aria-pressed={isAsked} onClick={() => setAsked(!isAsked)}>
        {t("map.own")}
      </button>
    ) : null;
  return { mark, words, button };
}
