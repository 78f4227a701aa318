import { useLayoutEffect, useRef } from "preact/hooks";
import type { OfficeIssue } from "../../api/types";
import { distanceM, formatDistance } from "../../place/distance";
import { placeOf } from "../../session/reference";
import { t } from "../../texts";
import { draw } from "../../map/draw";
import type { Mark } from "../../map/draw";
import { piecesOf, useGround } from "./ground";
import { viewOf } from "../../map/view";

/** How much larger than the geofence the map is. Source: our choice. */
const FENCE_SHARE = 2.4;

/** The place with its geofence and the position of the phone; the same as text. */
export function MiniMap({ issue }: { issue: OfficeIssue }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const ground = useGround();
  const radius = placeOf(issue.point.id)?.radius_m ?? 60;
  const { location: place } = issue.point;
  const away = issue.location && place ? distanceM(issue.location, place) : null;
  const isOutside = away !== null && away > radius;
  useLayoutEffect(() => {
    if (!canvas.current || canvas.current.clientWidth === 0) return;
    const { clientWidth: width, clientHeight: height } = canvas.current;
    const marks: Mark[] = place ? [{ location: place, tone: "primary", radiusM: radius, shape: "place" }] : [];
    if (issue.location)
      marks.push({
        location: issue.location,
        tone: isOutside ? "danger" : "success",
        radiusM: issue.location.accuracy_m ?? 0,
        shape: "record",
      });
    if (marks.length === 0) return;
    const widest = Math.max(60, ...marks.map((mark) => mark.radiusM ?? 0)) * FENCE_SHARE;
    const view = viewOf(
      marks.map((mark) => mark.location),
      width,
      height,
      widest,
    );
    draw(canvas.current, view, marks, piecesOf(ground, view, width, height, devicePixelRatio || 1));
  });
  const words =
    place === null
      ? t("map.unplaced")
      : away === null
        ? t("map.noPosition")
        : t(isOutside ? "map.outside" : "map.inside", { distance: formatDistance(away), radius });
  return (
    <figure class="stack-tight">
      <canvas class="map map-small" ref={canvas} role="img" aria-label={words} />
      <figcaption class={isOutside ? "text-danger" : "meta"}>{words}</figcaption>
    </figure>
  );
}
