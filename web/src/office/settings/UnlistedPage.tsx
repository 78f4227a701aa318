import { useState } from "preact/hooks";
import { ADDRESS_CHARS_MAX, CODE_CHARS_MAX, TITLE_CHARS_MAX } from "../../api/limits";
import { listAsPoint, listUnlistedPlaces, mergeInto } from "../../api/unlistedPlaces";
import type { UnlistedPlace } from "../../api/unlistedPlaces";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { formatDistance } from "../../place/distance";
import { link } from "../../router";
import { reference, refreshReference } from "../../session/reference";
import { localName, t } from "../../texts";
import { formatMoment } from "../../time/moment";
import { ConfirmButton } from "../../ui/ConfirmButton";
import { TextField } from "../../ui/TextField";
import { useCached } from "../../ui/useCached";
import { Empty, FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { fieldErrorText, isBesideFields } from "./fieldErrorText";
import { fitsNamed, Search } from "./Table";
import { forgetTyped, useTyped } from "../../ui/useTyped";

const FIELDS = ["/code", "/name", "/type", "/lead_unit_id", "/campaigns", "/address"];
/** How many points a search offers. Source: our choice. */
const FOUND_MAX = 8;

/** Places that inspectors reported and that are on no list: each becomes a point, or belongs to one. */
export function UnlistedPage() {
  const waiting = useCached<UnlistedPlace[]>("unlisted-places", listUnlistedPlaces);
  const [done, setDone] = useState<string | null>(null);
  function settled(words: string) {
    setDone(words);
    waiting.reload();
    void refreshReference().catch(() => undefined);
  }
  return (
    <Page title={t("unlisted.title")} back={link("settings")}>
      <div class="stack-wide">
        <p class="meta">{t("unlisted.intro")}</p>
        {done ? (
          <Notice tone="success" role="status">
            <p>{done}</p>
          </Notice>
        ) : null}
        {reachable.value ? null : (
          <Notice tone="warn">
            <p>{t("desk.needsNetwork")}</p>
          </Notice>
        )}
        <Fetched of={waiting}>
          {(places) =>
            places.length === 0 ? (
              <Empty>{t("unlisted.empty")}</Empty>
            ) : (
              <ul class="stack-wide">
                {places.map((place) => (
                  <li key={place.id}>
                    <Waiting place={place} onSettled={settled} />
                  </li>
                ))}
              </ul>
            )
          }
        </Fetched>
      </div>
    </Page>
  );
}

function Waiting({ place, onSettled }: { place: UnlistedPlace; onSettled: (words: string) => void }) {
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isMaking, setMaking] = useState(false);
  const [words, setWords] = useState("");
  const others =
    words.trim() === ""
      ? []
      : (reference.value?.points ?? [])
          .filter((point) => fitsNamed(words, point, point.name, point.code, point.address))
          .slice(0, FOUND_MAX);
  async function merge(pointId: string, name: string) {
    setFailure(null);
    try {
      await mergeInto(place.id, pointId);
      onSettled(t("unlisted.merged", { name: place.name, point: name }));
    } catch (cause) {
      setFailure(asFailure(cause));
    }
  }
  const offered = (point: { id: string; name: string; code: string; distance_m?: number | null }) => (
    <li class="row-spread" key={point.id}>
      <span class="grow">
        <strong lang="zh-CN">{point.name}</strong>{" "}
        <span class="caption">
          {point.code}
          {point.distance_m == null ? "" : ` · ${formatDistance(point.distance_m)}`}
        </span>
      </span>
      <ConfirmButton
        label={t("unlisted.merge")}
        name={t("unlisted.mergeInto", { name: point.name })}
        question={t("unlisted.mergeSure")}
        onConfirm={() => void merge(point.id, point.name)}
      />
    </li>
  );
  return (
    <section class="card stack" aria-label={place.name}>
      <div class="stack-tight">
        <h2 lang="zh-CN">{place.name}</h2>
        {place.address ? <p lang="zh-CN">{place.address}</p> : null}
        <p class="meta">
          {place.location ? `${place.location.lat.toFixed(5)}, ${place.location.lon.toFixed(5)} · ` : ""}
          {t("unlisted.reported", { at: formatMoment(place.reported_at) })}
        </p>
        <p class="wrap">
          {place.issue_ids.map((id, at) => (
            <a key={id} class="tap" href={link("issue", id)}>
              {t("unlisted.issue", { number: at + 1 })}
            </a>
          ))}
        </p>
      </div>
      {failure && !isBesideFields(failure, FIELDS) ? <FailureNotice failure={failure} /> : null}
      <div class="stack-tight">
        <h3>{t("unlisted.near")}</h3>
        {place.near.length === 0 ? (
          <p class="meta">{t("unlisted.noneNear")}</p>
        ) : (
          <ul class="stack-tight">{place.near.map(offered)}</ul>
        )}
      </div>
      <Search label={t("unlisted.other")} value={words} onInput={setWords} />
      {others.length > 0 ? <ul class="stack-tight">{others.map(offered)}</ul> : null}
      {isMaking ? (
        <ListingForm
          place={place}
          failure={failure}
          onCancel={() => setMaking(false)}
          onFailed={setFailure}
          onDone={(name) => onSettled(t("unlisted.listed", { name }))}
        />
      ) : (
        <button type="button" class="button" onClick={() => setMaking(true)}>
          {t("unlisted.makePoint")}
        </button>
      )}
    </section>
  );
}

/** What a place needs to become a point; type, unit and campaigns begin with those of the nearest one. */
function ListingForm({
  place,
  failure,
  onCancel,
  onFailed,
  onDone,
}: {
  place: UnlistedPlace;
  failure: Failure | null;
  onCancel: () => void;
  onFailed: (failure: Failure | null) => void;
  onDone: (name: string) => void;
}) {
  const { point_types = [], units = [], campaigns = [] } = reference.value ?? {};
  const form = `unlisted/${place.id}`;
  const [code, setCode] = useTyped(form, "code", "");
  const [name, setName] = useTyped(form, "name", place.name);
  const [type, setType] = useTyped(form, "type", place.type);
  const [unit, setUnit] = useTyped(form, "unit", place.lead_unit_id);
  const [address, setAddress] = useTyped(form, "address", place.address);
  const [chosen, setChosen] = useTyped<string[]>(
    form,
    "campaigns",
    place.near[0]?.campaigns ?? campaigns.slice(0, 1).map((one) => one.code),
  );
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const id = (field: string) => `${field}-${place.id}`;
  const missing = {
    code: code.trim() === "" ? t("unlisted.fault.code") : null,
    name: name.trim() === "" ? t("unlisted.fault.name") : null,
    campaigns: chosen.length === 0 ? t("unlisted.fault.campaigns") : null,
  };
  const faultOf = (field: keyof typeof missing) =>
    (isTried ? missing[field] : null) ?? fieldErrorText(failure, `/${field}`);

  async function save(event: Event) {
    event.preventDefault();
    setTried(true);
    if (missing.code || missing.name || missing.campaigns) return;
    setBusy(true);
    onFailed(null);
    try {
      await listAsPoint(place.id, { code, name, type, lead_unit_id: unit, address, campaigns: chosen });
      forgetTyped(form);
      onDone(name);
    } catch (cause) {
      onFailed(asFailure(cause));
      setBusy(false);
    }
  }

  return (
    <form class="stack" onSubmit={(event) => void save(event)} noValidate>
      <h3>{t("unlisted.makePoint")}</h3>
      <TextField
        id={id("code")}
        label={t("unlisted.code")}
        hint={t("unlisted.codeHint")}
        value={code}
        max={CODE_CHARS_MAX}
        onInput={setCode}
        error={faultOf("code")}
      />
      <TextField
        id={id("name")}
        label={t("unlisted.pointName")}
        value={name}
        max={TITLE_CHARS_MAX}
        onInput={setName}
        error={faultOf("name")}
      />
      <div class="field">
        <label class="label" for={id("type")}>
          {t("place.type")}
        </label>
        <select id={id("type")} value={type} onChange={(event) => setType(event.currentTarget.value)}>
          {point_types.map((one) => (
            <option key={one.code} value={one.code}>
              {localName(one)}
            </option>
          ))}
        </select>
      </div>
      <div class="field">
        <label class="label" for={id("unit")}>
          {t("unit.title")}
        </label>
        <select id={id("unit")} value={unit} onChange={(event) => setUnit(event.currentTarget.value)}>
          {units
            .filter((one) => one.active)
            .map((one) => (
              <option key={one.id} lang="zh-CN" value={one.id}>
                {one.name}
              </option>
            ))}
        </select>
      </div>
      <TextField
        id={id("address")}
        label={t("place.address")}
        value={address}
        max={ADDRESS_CHARS_MAX}
        onInput={setAddress}
      />
      <fieldset class="field">
        <legend class="label">{t("unlisted.campaigns")}</legend>
        <div class="wrap">
          {campaigns.map((one) => (
            <label class="choice" key={one.code}>
              <input
                type="checkbox"
                checked={chosen.includes(one.code)}
                onChange={() =>
                  setChosen(
                    chosen.includes(one.code) ? chosen.filter((code) => code !== one.code) : [...chosen, one.code],
                  )
                }
              />
              <span>{localName(one)}</span>
            </label>
          ))}
        </div>
        {faultOf("campaigns") ? (
          <p class="field-error" role="alert">
            {faultOf("campaigns")}
          </p>
        ) : null}
      </fieldset>
      <div class="wrap">
        <button type="submit" class="button button-primary" disabled={isBusy || !reachable.value}>
          {isBusy ? t("desk.saving") : t("unlisted.save")}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            forgetTyped(form);
            onCancel();
          }}
        >
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}
