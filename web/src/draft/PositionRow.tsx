import type { Location } from "../api/types";
import { canBeLocated } from "../inspector/located";
import { askAgain, position, PRECISE_M } from "../place/position";
import type { PhotoRef } from "../store/records";
import { t } from "../texts";
import { Icon } from "../ui/Icon";

/** The position that goes into the record, its accuracy, and a button to ask again. */
export function PositionRow({ fixed, photos }: { fixed: Location | null; photos: PhotoRef[] }) {
  const state = position.value;
  // The present position says nothing about a photo that was taken earlier.
  const isOpen = fixed === null && canBeLocated(photos, Date.now());
  const location = fixed ?? (isOpen && state.kind === "known" ? state.location : null);
  return (
    <section class="stack-tight" aria-labelledby="position-title">
      <h2 id="position-title">{t("position.title")}</h2>
      <div class="row-spread card card-tight">
        <div class="grow" role="status">
          {location ? (
            <Known location={location} />
          ) : (
            <p>{t(isOpen ? `position.${state.kind === "known" ? "seeking" : state.kind}` : "position.notThen")}</p>
          )}
        </div>
        {isOpen ? (
          <button type="button" class="button" onClick={askAgain}>
            <Icon name="pin" />
            {t("position.again")}
          </button>
        ) : null}
      </div>
    </section>
  );
}

function Known({ location }: { location: Location }) {
  const accuracy = location.accuracy_m ?? null;
  const isPrecise = accuracy !== null && accuracy <= PRECISE_M;
  return (
    <>
      <p class={isPrecise ? "text-success" : "text-warn"}>
        {t(isPrecise ? "position.precise" : "position.coarse")}
        {accuracy === null ? "" : ` · ${t("position.accuracy", { metres: Math.round(accuracy) })}`}
      </p>
      <p class="caption">
        {location.lat.toFixed(5)}, {location.lon.toFixed(5)}
      </p>
    </>
  );
}
