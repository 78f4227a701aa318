import type { Location } from "../api/types";
import { askAgain, position, PRECISE_M } from "../place/position";
import { t } from "../texts";
import { Icon } from "../ui/Icon";

/** Where the record will say it was made, how sure that is, and what to do about it. */
export function PositionRow({ fixed, onAgain }: { fixed: Location | null; onAgain: () => void }) {
  const state = position.value;
  const location = fixed ?? (state.kind === "known" ? state.location : null);
  return (
    <section class="stack-tight" aria-labelledby="position-title">
      <h2 id="position-title">{t("position.title")}</h2>
      <div class="row-spread card card-tight">
        <div class="grow" role="status">
          {location ? <Known location={location} /> : <p>{t(`position.${state.kind === "known" ? "seeking" : state.kind}`)}</p>}
        </div>
        <button type="button" class="button" onClick={() => { askAgain(); onAgain(); }}><Icon name="pin" />{t("position.again")}</button>
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
      <p class="caption">{location.lat.toFixed(5)}, {location.lon.toFixed(5)}</p>
    </>
  );
}
