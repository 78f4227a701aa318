import { useEffect, useRef, useState } from "preact/hooks";
import * as calls from "../api/calls";
import type { OfficeIssue, Page as Paged, Place } from "../api/types";
import { reference } from "../session/reference";
import { t } from "../texts";
import { useKept } from "../ui/kept";
import { Empty, Fetched, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { draw, moved, toPixel, viewOf } from "./drawMap";
import type { Mark, View } from "./drawMap";
import { listLink, OPEN_STATES } from "./filters";

/** Most open issues that are counted. Source: our choice; ten answers. */
const COUNTED_MAX = 2_000;
interface Row { place: Place; open: number; late: number }

/** All open issues, the newest first should there be too many. */
async function openIssues(): Promise<Paged<OfficeIssue>> {
  const items: OfficeIssue[] = [];
  let cursor = "";
  for (;;) {
    const page = (await calls.listIssues(`limit=200&state=${OPEN_STATES.join(",")}${cursor}`)) as Paged<OfficeIssue>;
    items.push(...page.items);
    if (page.next_cursor === null || items.length >= COUNTED_MAX) return { items, next_cursor: page.next_cursor };
    cursor = `&cursor=${page.next_cursor}`;
  }
}

/** Where the open issues are: drawn, and the same as a list. */
export function MapPage() {
  const list = useKept("issues/map", openIssues);
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Page title={t("tab.map")} isWide>
      <Fetched of={list}>
        {(page) => {
          const rows = rowsOf(reference.value?.points ?? [], page.items);
          if (rows.length === 0) return <Empty>{t("points.noReference")}</Empty>;
          return (
            <div class="stack">
              {page.next_cursor === null ? null : <Notice tone="info">{t("map.cut", { count: page.items.length })}</Notice>}
              <div class="desk desk-map">
                <MapCanvas rows={rows} chosen={chosen} onChoose={setChosen} />
                <ul class="list desk-list" aria-label={t("map.listTitle")}>
                  {rows.map(({ place, open, late }) => (
                    <li key={place.id}>
                      <a class="list-row" href={listLink({ point_id: place.id })} aria-current={chosen === place.id ? "true" : undefined} onFocus={() => setChosen(place.id)}>
                        <span class="grow"><strong lang="zh-CN">{place.name}</strong><br /><span class="caption" lang="zh-CN">{place.address}</span></span>
                        <span class={late > 0 ? "text-danger" : "meta"}>{late > 0 ? t("map.late", { open, late }) : t("map.open", { open })}</span>
                      </a>
                    </li>
                  ))}
                </ul>
              </div>
            </div>
          );
        }}
      </Fetched>
    </Page>
  );
}

function rowsOf(places: Place[], issues: OfficeIssue[]): Row[] {
  const counts = new Map<string, { open: number; late: number }>();
  for (const issue of issues) {
    const { open, late } = counts.get(issue.point.id) ?? { open: 0, late: 0 };
    counts.set(issue.point.id, { open: open + 1, late: late + Number(issue.overdue) });
  }
  return places
    .map((place) => ({ place, ...(counts.get(place.id) ?? { open: 0, late: 0 }) }))
    .sort((a, b) => b.late - a.late || b.open - a.open);
}

function MapCanvas({ rows, chosen, onChoose }: { rows: Row[]; chosen: string | null; onChoose: (id: string) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState<View | null>(null);
  const drag = useRef<{ x: number; y: number } | null>(null);
  const marks: Mark[] = rows.map(({ place, open, late }) => ({
    location: place.location, shape: "record", tone: place.id === chosen ? "primary" : late > 0 ? "danger" : open > 0 ? "warn" : "muted",
    ...(open > 0 ? { count: open } : {}), ...(place.id === chosen || (view?.metresPerPixel ?? 9) < 2 ? { label: place.name } : {}),
  }));
  useEffect(() => {
    const { current } = canvas;
    if (!current) return;
    const now = view ?? viewOf(marks, current.clientWidth, current.clientHeight);
    if (view === null) setView(now);
    draw(current, now, marks);
  });
  const zoom = (factor: number) => setView((old) => old && { ...old, metresPerPixel: Math.min(200, Math.max(0.2, old.metresPerPixel * factor)) });
  const move = (dx: number, dy: number) => setView((old) => old && moved(old, dx, dy));

  function onKey(event: KeyboardEvent) {
    const moves: Record<string, () => void> = { ArrowLeft: () => move(60, 0), ArrowRight: () => move(-60, 0), ArrowUp: () => move(0, 60), ArrowDown: () => move(0, -60), "+": () => zoom(0.7), "=": () => zoom(0.7), "-": () => zoom(1.4) };
    const doIt = moves[event.key];
    if (!doIt) return;
    event.preventDefault();
    doIt();
  }
  function onClick(event: MouseEvent) {
    const { current } = canvas;
    if (!current || !view) return;
    const box = current.getBoundingClientRect();
    const reach = rows.map(({ place }) => {
      const { x, y } = toPixel(view, place.location, box.width, box.height);
      return { id: place.id, away: Math.hypot(x - (event.clientX - box.left), y - (event.clientY - box.top)) };
    }).sort((a, b) => a.away - b.away)[0];
    if (reach && reach.away < 24) onChoose(reach.id);
  }

  return (
    <div class="stack">
      <canvas class="map" ref={canvas} tabIndex={0} role="img" aria-label={t("map.label", { count: rows.length })} onKeyDown={onKey} onClick={onClick}
        onPointerDown={(event) => { drag.current = { x: event.clientX, y: event.clientY }; }}
        onPointerMove={(event) => { if (drag.current && event.buttons === 1) { move(event.clientX - drag.current.x, event.clientY - drag.current.y); drag.current = { x: event.clientX, y: event.clientY }; } }}
        onPointerUp={() => { drag.current = null; }} />
      <div class="wrap">
        <button type="button" class="button" onClick={() => zoom(0.7)}>{t("map.nearer")}</button>
        <button type="button" class="button" onClick={() => zoom(1.4)}>{t("map.farther")}</button>
        <button type="button" class="button" onClick={() => setView(null)}>{t("map.all")}</button>
      </div>
      <p class="caption">{t("map.hint")}</p>
    </div>
  );
}
