import { useSignal } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import type { Plan } from "../../api/batches";
import type { Place } from "../../api/types";
import type { Mark } from "../../map/draw";
import { viewOf } from "../../map/view";
import type { View } from "../../map/view";
import { reference } from "../../session/reference";
import { t } from "../../texts";
import { clustersOf } from "../map/clusters";
import type { Spot } from "../map/clusters";
import { MapCanvas } from "../map/MapCanvas";
import { areaText, typeText } from "./look";
import { covers } from "./planForm";

/** Rows of the list that are drawn at once. Source: ui.md, lists are paged by 50. */
const ROWS = 50;

/** The points that a plan covers, as a map and as a list. */
export function CoverMap({ plan }: { plan: Pick<Plan, "campaigns" | "areas"> }) {
  const points = reference.value?.points ?? [];
  const key = `${plan.campaigns.join()} ${plan.areas.join()}`;
  const covered = useMemo(() => points.filter((point) => covers(plan, point)), [points, key]);
  const placed = useMemo(
    () =>
      covered.flatMap((point): Spot[] =>
        point.location === null ? [] : [{ id: point.id, location: point.location, open: 0, late: 0 }],
      ),
    [covered],
  );
  const view = useSignal<View | null>(null);
  const types = new Set(covered.map((point) => point.type)).size;
  const areas = new Set(covered.map((point) => point.area_code)).size;
  const sum = t("planForm.coverSum", { points: covered.length, types, areas });
  if (covered.length === 0) return <p class="text-warn">{t("planForm.coversNothing")}</p>;
  const marksOf = (now: View): Mark[] =>
    clustersOf(placed, now).map((cluster) => ({
      location: cluster.location,
      isMany: cluster.spots.length > 1,
      shape: "open",
      tone: "primary",
      ...(cluster.spots.length > 1 ? { count: cluster.spots.length } : {}),
    }));
  return (
    <div class="stack">
      <p role="status">{sum}</p>
      {placed.length > 0 ? (
        <MapCanvas
          label={sum}
          view={view}
          marksOf={marksOf}
          initialView={(width, height) =>
            viewOf(
              placed.map((spot) => spot.location),
              width,
              height,
            )
          }
        />
      ) : null}
      {placed.length < covered.length ? (
        <p class="meta">{t("planForm.unplaced", { count: covered.length - placed.length })}</p>
      ) : null}
      <List points={covered} />
    </div>
  );
}

function List({ points }: { points: Place[] }) {
  const [shown, setShown] = useState(ROWS);
  const rows = [...points].sort((a, b) => (a.code < b.code ? -1 : 1));
  return (
    <details>
      <summary>{t("planForm.asList", { count: points.length })}</summary>
      <ul class="batch-points">
        {rows.slice(0, shown).map((point) => (
          <li key={point.id}>
            <span lang="zh-CN">{point.name}</span>
            <span class="meta" lang="zh-CN">
              {typeText(point.type)}
              {t("punctuation.dot")}
              {areaText(point.area_code)}
            </span>
          </li>
        ))}
      </ul>
      {rows.length > shown ? (
        <button type="button" class="button" onClick={() => setShown(shown + 4 * ROWS)}>
          {t("planForm.moreRows", { count: rows.length - shown })}
        </button>
      ) : null}
    </details>
  );
}
