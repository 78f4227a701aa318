import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { CODE_CHARS_MAX, TITLE_CHARS_MAX } from "../../api/limits";
import { listZones, putZone, removeZone } from "../../api/zones";
import type { KeptZone, Zone } from "../../api/zones";
import { reference, refreshReference, unitOf } from "../../session/reference";
import { t } from "../../texts";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { FailureNotice, Fetched } from "../../ui/Notice";
import { TextField } from "../../ui/TextField";
import { useCached } from "../../ui/useCached";
import { cornersText, readCorners, squareAround } from "./corners";
import { faultAt } from "./fault";
import { UnitChoice } from "./UnitChoice";
import { forgetTyped, useTyped, useTypedId } from "../../ui/useTyped";

const EVERY_DAY = 127;
const dayNames = () => t("zones.day").split("|");
const daysOf = (weekdays: number): string =>
  weekdays === EVERY_DAY
    ? t("zones.everyDay")
    : dayNames()
        .filter((_, at) => ((weekdays >> at) & 1) === 1)
        .map((day) => t("zones.weekday", { day }))
        .join(t("doubt.and"));

const FRESH: Zone = {
  corners: [],
  weekdays: EVERY_DAY,
  from: "06:00:00",
  to: "09:00:00",
  goods: "",
  unit_id: "",
  policy_no: "",
  valid_from: null,
  valid_to: null,
};

/** Where and when stalls are permitted. */
export function ZonesSection() {
  const zones = useCached<KeptZone[]>("zones", listZones);
  const [edited, setEdited] = useState<KeptZone | "new" | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const changed = () => {
    setEdited(null);
    setFailure(null);
    zones.reload();
    void refreshReference().catch(() => undefined);
  };
  const remove = async (zone: KeptZone) => {
    try {
      await removeZone(zone.id, zone.version);
      changed();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  };
  return (
    <section class="card stack" aria-label={t("plans.zones")}>
      <p class="meta">{t("zones.intro")}</p>
      {failure ? <FailureNotice failure={failure} /> : null}
      {edited ? (
        <ZoneForm
          key={edited === "new" ? "new" : edited.id}
          kept={edited === "new" ? null : edited}
          onKept={changed}
          onCancel={() => setEdited(null)}
        />
      ) : (
        <div class="row">
          <button type="button" class="button button-primary" onClick={() => setEdited("new")}>
            {t("zones.add")}
          </button>
        </div>
      )}
      <Fetched of={zones} rows={3}>
        {(all) =>
          all.length === 0 ? (
            <p>{t("zones.empty")}</p>
          ) : (
            <ul class="stack">
              {all.map((kept) => (
                <li class="card card-tight stack-tight" key={kept.id}>
                  <p>
                    <strong lang="zh-CN">{kept.zone.goods}</strong> <span lang="zh-CN">{kept.zone.policy_no}</span>
                  </p>
                  <p class="meta">
                    {daysOf(kept.zone.weekdays)} {kept.zone.from.slice(0, 5)}–{kept.zone.to.slice(0, 5)} ·{" "}
                    <span lang="zh-CN">{unitOf(kept.zone.unit_id)?.name ?? t("unit.unknown")}</span> ·{" "}
                    {t("zones.count", { count: kept.zone.corners.length })}
                    {kept.zone.valid_from || kept.zone.valid_to
                      ? ` · ${kept.zone.valid_from ?? ""} – ${kept.zone.valid_to ?? ""}`
                      : ""}
                  </p>
                  <div class="row">
                    <button type="button" class="button" onClick={() => setEdited(kept)}>
                      {t("zones.edit")}
                    </button>
                    <ConfirmButton
                      label={t("zones.remove")}
                      question={t("zones.removeSure")}
                      onConfirm={() => void remove(kept)}
                    />
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Fetched>
    </section>
  );
}

function ZoneForm({ kept, onKept, onCancel }: { kept: KeptZone | null; onKept: () => void; onCancel: () => void }) {
  const form = `zone/${kept ? `${kept.id}/${kept.version}` : "new"}`;
  const [id] = useTypedId(form, kept?.id);
  const [zone, setZone] = useTyped<Zone>(form, "zone", kept?.zone ?? FRESH);
  const [corners, setCorners] = useTyped(form, "corners", cornersText(zone.corners));
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isMisread, setMisread] = useState(false);
  const change = (part: Partial<Zone>) => setZone({ ...zone, ...part });
  const keep = async (event: Event) => {
    event.preventDefault();
    const read = readCorners(corners);
    setMisread(read === null);
    if (read === null) return;
    try {
      await putZone(id, { ...zone, corners: read }, kept?.version);
      forgetTyped(form);
      onKept();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  };
  const atCorner = failure?.fields.find((field) => field.pointer.startsWith("/corners"));
  return (
    <form class="stack" aria-label={t("zones.add")} onSubmit={(event) => void keep(event)}>
      <div class="wrap">
        <TextField
          id="zone-goods"
          label={t("zones.goods")}
          value={zone.goods}
          max={TITLE_CHARS_MAX}
          error={faultAt(failure, "/goods")}
          onInput={(goods) => change({ goods })}
        />
        <TextField
          id="zone-policy"
          label={t("zones.policy")}
          value={zone.policy_no}
          max={CODE_CHARS_MAX}
          error={faultAt(failure, "/policy_no")}
          onInput={(policy_no) => change({ policy_no })}
        />
        <UnitChoice
          label={t("zones.unit")}
          value={zone.unit_id}
          error={faultAt(failure, "/unit_id")}
          onChange={(unit_id) => change({ unit_id })}
        />
      </div>
      <fieldset class="wrap">
        <legend>{t("zones.days")}</legend>
        {dayNames().map((day, at) => (
          <label class="tick" key={day}>
            <input
              type="checkbox"
              checked={((zone.weekdays >> at) & 1) === 1}
              onChange={() => change({ weekdays: zone.weekdays ^ (1 << at) })}
            />
            {t("zones.weekday", { day })}
          </label>
        ))}
      </fieldset>
      <div class="wrap">
        {(["from", "to"] as const).map((name) => (
          <label class="field" key={name}>
            <span class="label">{t(`zones.${name}`)}</span>
            <input
              class="input"
              type="time"
              value={zone[name].slice(0, 5)}
              onInput={(event) => change({ [name]: `${event.currentTarget.value || "00:00"}:00` })}
            />
          </label>
        ))}
        <TextField
          id="zone-valid-from"
          type="date"
          label={t("zones.validFrom")}
          value={zone.valid_from ?? ""}
          error={faultAt(failure, "/valid_from")}
          onInput={(day) => change({ valid_from: day || null })}
        />
        <TextField
          id="zone-valid-to"
          type="date"
          label={t("zones.validTo")}
          value={zone.valid_to ?? ""}
          error={faultAt(failure, "/valid_to")}
          onInput={(day) => change({ valid_to: day || null })}
        />
      </div>
      <Around onTake={(taken) => setCorners(cornersText(taken))} />
      <TextField
        id="zone-corners"
        label={t("zones.corners")}
        hint={t("zones.cornersHint")}
        rows={5}
        value={corners}
        error={isMisread ? t("zones.cornersWrong") : atCorner ? faultAt(failure, atCorner.pointer) : null}
        onInput={setCorners}
      />
      {failure ? <FailureNotice failure={failure} /> : null}
      <div class="row">
        <button type="submit" class="button button-primary">
          {t("plans.save")}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            forgetTyped(form);
            onCancel();
          }}
        >
          {t("plans.cancel")}
        </button>
      </div>
    </form>
  );
}

/** Most zones are about a place that is on the list: a square around it is a start. */
function Around({ onTake }: { onTake: (corners: Zone["corners"]) => void }) {
  const [point, setPoint] = useState("");
  const [metres, setMetres] = useState(100);
  const places = (reference.value?.points ?? []).filter((place) => place.location);
  const chosen = places.find((place) => place.id === point)?.location;
  return (
    <div class="wrap" role="group" aria-label={t("zones.around")}>
      <label class="field">
        <span class="label">{t("zones.around")}</span>
        <select value={point} onChange={(event) => setPoint(event.currentTarget.value)}>
          <option value="">{t("zones.choosePoint")}</option>
          {places.map((place) => (
            <option key={place.id} value={place.id} lang="zh-CN">
              {place.name}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span class="label">{t("zones.width")}</span>
        <input
          class="input"
          type="number"
          min={5}
          max={5000}
          value={metres}
          onInput={(event) => setMetres(Number(event.currentTarget.value))}
        />
      </label>
      <button
        type="button"
        class="button plans-beside"
        disabled={!chosen || !(metres >= 5)}
        onClick={() => chosen && onTake(squareAround(chosen, metres))}
      >
        {t("zones.take")}
      </button>
    </div>
  );
}
