import { useEffect, useRef } from "preact/hooks";
import type { OfficeIssue } from "../api/types";
import { distanceM, distanceWords } from "../place/distance";
import { placeOf } from "../session/reference";
import { t } from "../texts";
import { draw, viewOf } from "./drawMap";
import type { Mark } from "./drawMap";

/** The place with its fence, and where the phone said it was; the same in words. */
export function MiniMap({ issue }: { issue: OfficeIssue }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const radius = placeOf(issue.point.id)?.radius_m ?? 60;
  const away = issue.location ? distanceM(issue.location, issue.point.location) : null;
  const isOutside = away !== null && away > radius;
  useEffect(() => {
    if (!canvas.current) return;
    const marks: Mark[] = [{ location: issue.point.location, tone: "primary", radiusM: radius, shape: "place" }];
    if (issue.location) marks.push({ location: issue.location, tone: isOutside ? "danger" : "success", radiusM: issue.location.accuracy_m ?? 0, shape: "record" });
    draw(canvas.current, viewOf(marks, canvas.current.clientWidth, canvas.current.clientHeight), marks);
  });
  const words = away === null ? t("map.noPosition") : t(isOutside ? "map.outside" : "map.inside", { distance: distanceWords(away), radius });
  return (
    <figure class="stack-tight">
      <canvas class="map map-small" ref={canvas} role="img" aria-label={words} />
      <figcaption class={isOutside ? "text-danger" : "meta"}>{words}</figcaption>
    </figure>
  );
}
