import { useLayoutEffect, useRef } from "preact/hooks";
import type { Schemas } from "../api/types";
import { draw } from "../map/draw";
import { viewOf } from "../map/view";
import { placeOf } from "../session/reference";
import { t } from "../texts";
import { navigationAddress } from "../place/navigation";

/** Where the geofence is not known. Source: our choice. */
const RADIUS_M = 60;

/** Where it is: a pin, the address, and the way there in a map of one's own choice. */
export function PlaceMap({ point }: { point: Schemas["PointView"] }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const radiusM = placeOf(point.id)?.radius_m ?? RADIUS_M;
  const { location } = point;
  useLayoutEffect(() => {
    if (!location || !canvas.current || canvas.current.clientWidth === 0) return;
    const { clientWidth, clientHeight } = canvas.current;
    draw(canvas.current, viewOf([location], clientWidth, clientHeight, radiusM * 2.4), [
      { location, shape: "place", tone: "primary", radiusM },
    ]);
  });
  return (
    <section class="stack-tight">
      <h2>{t("unitDesk.where")}</h2>
      {location ? (
        <canvas class="point-map" ref={canvas} role="img" aria-label={t("place.map", { name: point.name })} />
      ) : null}
      <p lang="zh-CN">{point.address}</p>
      {location ? (
        <p>
          {/* Nothing is told to anybody before it is pressed, and then only where the place is. */}
          <a
            class="tap"
            href={navigationAddress({ name: point.name, location })}
            target="_blank"
            rel="noopener noreferrer"
          >
            {t("unitDesk.navigate")}
          </a>
        </p>
      ) : null}
    </section>
  );
}
