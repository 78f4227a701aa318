import { useLayoutEffect, useRef } from "preact/hooks";
import type { Location, Place } from "../api/types";
import { draw } from "../map/draw";
import type { Mark } from "../map/draw";
import { viewOf } from "../map/view";
import { t } from "../texts";

/** If the device is farther away it is not drawn: the place would shrink to a dot. Source: our choice. */
const NEAR_M = 3_000;

/** The place with its geofence, and the device if it is near. Distance and address are also given as text. */
export function PointMap({
  place,
  at,
  here,
  metres,
}: {
  place: Place;
  at: Location;
  here: (Location & { accuracy_m: number }) | null;
  metres: number | null;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (!canvas.current || canvas.current.clientWidth === 0) return;
    const marks: Mark[] = [{ location: at, shape: "place", tone: "primary", radiusM: place.radius_m }];
    if (here && metres !== null && metres < NEAR_M)
      marks.push({ location: here, shape: "here", tone: "success", radiusM: here.accuracy_m, label: t("place.here") });
    draw(
      canvas.current,
      viewOf(
        marks.map((mark) => mark.location),
        canvas.current.clientWidth,
        canvas.current.clientHeight,
        place.radius_m * 2.4,
      ),
      marks,
    );
  });
  return <canvas class="point-map" ref={canvas} role="img" aria-label={t("place.map", { name: place.name })} />;
}
