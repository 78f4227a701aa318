import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Location } from "../../api/types";
import { viewAt, viewOf } from "../../map/view";
import type { View } from "../../map/view";
import type { Mark } from "../../map/draw";
import { followPosition, position } from "../../place/position";
import { reference } from "../../session/reference";
import { t } from "../../texts";
import { TextField } from "../../ui/TextField";
import { MapCanvas } from "../map/MapCanvas";
import { positionOf } from "./nextCode";

/** Six decimals are a tenth of a metre. */
const degrees = ({ lat, lon }: Location): string => `${lat.toFixed(6)}, ${lon.toFixed(6)}`;
const rounded = ({ lat, lon }: Location): Location => ({ lat: Number(lat.toFixed(6)), lon: Number(lon.toFixed(6)) });

/** Where a point is: by standing there, by a tap on the map, by typing it, or not yet. */
export function PlaceOf({
  at,
  radiusM,
  onChange,
}: {
  at: Location | null;
  radiusM: number;
  onChange: (at: Location | null) => void;
}) {
  const [typed, setTyped] = useState(at ? degrees(at) : "");
  const [isSeeking, setSeeking] = useState(false);
  const view = useSignal<View | null>(null);
  useEffect(() => (isSeeking ? followPosition() : undefined), [isSeeking]);
  const state = position.value;
  const choose = (next: Location | null) => {
    setTyped(next ? degrees(next) : "");
    onChange(next && rounded(next));
  };
  useEffect(() => {
    if (!isSeeking || state.kind !== "known") return;
    setSeeking(false);
    choose(state.location);
    if (view.value) view.value = viewAt(view.value, state.location);
  }, [isSeeking, state]);

  const known = (reference.value?.points ?? []).flatMap((point) => point.location ?? []);
  const around = at ? [at] : known;
  const marks: Mark[] = known.map((location) => ({ location, shape: "quiet", tone: "muted" }));
  if (at) marks.push({ location: at, shape: "place", tone: "primary", radiusM, isChosen: true });
  return (
    <fieldset class="field stack">
      <legend class="label">{t("placeOf.title")}</legend>
      <p class="meta">{t("placeOf.hint")}</p>
      <div class="wrap">
        {"geolocation" in navigator ? (
          <button type="button" class="button" onClick={() => setSeeking(true)}>
            {t("placeOf.here")}
          </button>
        ) : null}
        {at ? (
          <button type="button" class="button button-plain" onClick={() => choose(null)}>
            {t("placeOf.clear")}
          </button>
        ) : null}
      </div>
      {isSeeking && state.kind !== "known" ? (
        <p class="meta" role="status">
          {t(
            state.kind === "denied"
              ? "placeOf.denied"
              : state.kind === "unavailable"
                ? "placeOf.unavailable"
                : "placeOf.seeking",
          )}
        </p>
      ) : null}
      <TextField
        id="degrees"
        label={t("placeOf.degrees")}
        hint={t("placeOf.degreesHint")}
        value={typed}
        autocomplete="off"
        onInput={(text) => {
          setTyped(text);
          const next = positionOf(text);
          if (next || text.trim() === "") onChange(next);
        }}
        error={typed.trim() !== "" && positionOf(typed) === null ? t("placeOf.degreesFault") : null}
      />
      {around.length > 0 ? (
        <MapCanvas
          label={t("placeOf.map")}
          view={view}
          marksOf={() => marks}
          onGround={choose}
          initialView={(width, height) => viewOf(around, width, height, radiusM * 4)}
        >
          <button
            type="button"
            class="button"
            onClick={() => choose(view.value?.centre ?? viewOf(around, 300, 300).centre)}
          >
            {t("placeOf.centre")}
          </button>
        </MapCanvas>
      ) : (
        <p class="meta">{t("placeOf.noMap")}</p>
      )}
    </fieldset>
  );
}
