import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { ADDRESS_CHARS_MAX, CODE_CHARS_MAX, TITLE_CHARS_MAX } from "../../api/limits";
import { putPoint, readPoint } from "../../api/places";
import type { PointBody, Seen } from "../../api/places";
import type { Place } from "../../api/types";
import { goBack, link } from "../../router";
import { reference, refreshReference, typeOf, unitOf } from "../../session/reference";
import { localName, t } from "../../texts";
import { Fetched, Loading } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { TextField } from "../../ui/TextField";
import { useCached } from "../../ui/useCached";
import { fieldErrorText } from "../settings/fieldErrorText";
import { nextCode } from "./nextCode";
import { PlaceOf } from "./PlaceOf";
import { Saving } from "./UnitFormPage";
import { forgetTyped, useTyped, useTypedId } from "../../ui/useTyped";

const POINTERS = [
  "/code",
  "/name",
  "/type",
  "/address",
  "/radius_m",
  "/campaigns",
  "/lead_unit_id",
  "/territorial_unit_id",
];
/** Digits of the area at the beginning of a point's code. Source: the code `area6-TYPE-serial4`. */
const AREA_DIGITS = 6;

/** A new point, or one that is there: by its address first, and its position when somebody stands there. */
export function PointFormPage({ id }: { id: string | null }) {
  return (
    <Page title={t(id === null ? "pointForm.new" : "pointForm.change")} back={link("settings", "points")}>
      {reference.value === null ? <Loading rows={6} /> : id === null ? <NewPoint /> : <OldPoint id={id} />}
    </Page>
  );
}

function NewPoint() {
  const [id] = useTypedId("point/new");
  const { campaigns = [] } = reference.value ?? {};
  const [only] = campaigns;
  const before: PointBody = {
    code: "",
    name: "",
    type: "",
    location: null,
    campaigns: campaigns.length === 1 && only ? [only.code] : [],
    is_demo: false,
    lead_unit_id: "",
    address: "",
    active: true,
  };
  return <Form id={id} before={before} version={undefined} isNew onReload={() => undefined} />;
}

function OldPoint({ id }: { id: string }) {
  const point = useCached<Seen<Place>>(`point-form/${id}`, () => readPoint(id));
  return (
    <Fetched of={point}>
      {({ body, version }) => {
        const { code, name, type, location, radius_m, campaigns, is_demo, lead_unit_id, address, active } = body;
        const { territorial_unit_id, area_code } = body;
        const before: PointBody = { code, name, type, radius_m, campaigns, is_demo, lead_unit_id, address, active };
        before.location = location === null ? null : { lat: location.lat, lon: location.lon };
        return (
          <Form
            key={version}
            id={id}
            before={{ ...before, territorial_unit_id, area_code }}
            version={version}
            isNew={false}
            onReload={point.reload}
          />
        );
      }}
    </Fetched>
  );
}

function Form({
  id,
  before,
  version,
  isNew,
  onReload,
}: {
  id: string;
  before: PointBody;
  version: string | undefined;
  isNew: boolean;
  onReload: () => void;
}) {
  const form = `point/${isNew ? "new" : `${id}/${version}`}`;
  const [fields, setFields] = useTyped(form, "fields", before);
  const [radius, setRadius] = useTyped(form, "radius", before.radius_m ? String(before.radius_m) : "");
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const { points = [], point_types = [], campaigns = [], units = [] } = reference.value ?? {};
  const set = (change: Partial<PointBody>) => setFields({ ...fields, ...change });
  const usable = units.filter((unit) => unit.active || unit.id === fields.lead_unit_id);
  const area = (unitOf(fields.lead_unit_id)?.area_code ?? "").slice(0, AREA_DIGITS);
  const proposed =
    area && fields.type
      ? nextCode(
          points.map((point) => point.code),
          `${area}-${fields.type}-`,
          4,
        )
      : "";
  const code = fields.code.trim() || (isNew ? proposed : "");
  const missing = (value: string) => (isTried && value.trim() === "" ? t("field.required") : null);
  const needsAddress = fields.address.trim() === "" && !fields.location;

  async function save(event: Event) {
    event.preventDefault();
    setTried(true);
    const asked = [code, fields.name, fields.type, fields.lead_unit_id];
    if (asked.some((value) => value.trim() === "") || fields.campaigns.length === 0 || needsAddress) return;
    setBusy(true);
    setFailure(null);
    try {
      await putPoint(id, { ...fields, code, radius_m: radius.trim() === "" ? null : Number(radius) }, version);
      forgetTyped(form);
      await refreshReference().catch(() => undefined);
      goBack(link("settings", "points"));
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }

  if (units.length === 0 || campaigns.length === 0)
    return (
      <div class="stack">
        <p>{t("pointForm.first")}</p>
        <a class="button" href={link("setup")}>
          {t("setup.title")}
        </a>
      </div>
    );
  return (
    <form class="stack" onSubmit={(event) => void save(event)} noValidate>
      <TextField
        id="name"
        label={t("pointForm.name")}
        value={fields.name}
        onInput={(name) => set({ name })}
        max={TITLE_CHARS_MAX}
        autocomplete="off"
        error={missing(fields.name) ?? fieldErrorText(failure, "/name")}
      />
      <Select
        id="type"
        label={t("pointForm.type")}
        value={fields.type}
        onChange={(type) => set({ type })}
        options={point_types.map((type) => [type.code, localName(type)])}
        error={missing(fields.type) ?? fieldErrorText(failure, "/type")}
      />
      <Select
        id="lead"
        label={t("pointForm.lead")}
        value={fields.lead_unit_id}
        onChange={(lead_unit_id) => set({ lead_unit_id })}
        options={usable.map((unit) => [unit.id, unit.name])}
        error={missing(fields.lead_unit_id) ?? fieldErrorText(failure, "/lead_unit_id")}
      />
      <fieldset class="stack-tight">
        <legend class="label">{t("pointForm.campaigns")}</legend>
        {campaigns.map((campaign) => (
          <label class="tick" key={campaign.code}>
            <input
              type="checkbox"
              checked={fields.campaigns.includes(campaign.code)}
              onChange={(event) =>
                set({
                  campaigns: event.currentTarget.checked
                    ? [...fields.campaigns, campaign.code]
                    : fields.campaigns.filter((one) => one !== campaign.code),
                })
              }
            />
            {localName(campaign)}
          </label>
        ))}
        {isTried && fields.campaigns.length === 0 ? (
          <p class="field-error" role="alert">
            {t("field.required")}
          </p>
        ) : null}
      </fieldset>
      <TextField
        id="address"
        label={t("pointForm.address")}
        hint={t("pointForm.addressHint")}
        value={fields.address}
        onInput={(address) => set({ address })}
        max={ADDRESS_CHARS_MAX}
        autocomplete="off"
        error={isTried && needsAddress ? t("pointForm.addressNeeded") : fieldErrorText(failure, "/address")}
      />
      <PlaceOf
        at={fields.location ?? null}
        radiusM={Number(radius) || typeOf(fields.type)?.radius_m || 60}
        onChange={(location) => set({ location })}
      />
      {isNew ? (
        <TextField
          id="code"
          label={t("pointForm.code")}
          hint={proposed ? t("pointForm.codeProposed", { code: proposed }) : t("pointForm.codeHint")}
          value={fields.code}
          onInput={(next) => set({ code: next })}
          max={CODE_CHARS_MAX}
          autocomplete="off"
          error={missing(code) ?? fieldErrorText(failure, "/code")}
        />
      ) : (
        <p class="meta">{t("unitForm.codeIs", { code: fields.code })}</p>
      )}
      <details>
        <summary>{t("pointForm.more")}</summary>
        <div class="stack">
          <Select
            id="territorial"
            label={t("pointForm.territorial")}
            value={fields.territorial_unit_id ?? ""}
            onChange={(unit) => set({ territorial_unit_id: unit === "" ? null : unit })}
            options={usable.map((unit) => [unit.id, unit.name])}
            error={fieldErrorText(failure, "/territorial_unit_id")}
          />
          <TextField
            id="radius"
            label={t("pointForm.radius")}
            hint={t("pointForm.radiusHint", { metres: typeOf(fields.type)?.radius_m ?? 60 })}
            value={radius}
            onInput={(text) => setRadius(text.replace(/\D/g, ""))}
            autocomplete="off"
            error={fieldErrorText(failure, "/radius_m")}
          />
          <label class="tick">
            <input
              type="checkbox"
              checked={fields.is_demo === true}
              onChange={(event) => set({ is_demo: event.currentTarget.checked })}
            />
            {t("pointForm.demo")}
          </label>
          <label class="tick">
            <input
              type="checkbox"
              checked={fields.active}
              onChange={(event) => set({ active: event.currentTarget.checked })}
            />
            {t("pointForm.active")}
          </label>
        </div>
      </details>
      <Saving failure={failure} pointers={POINTERS} isBusy={isBusy} onReload={onReload} />
    </form>
  );
}

function Select({
  id,
  label,
  value,
  options,
  onChange,
  error,
}: {
  id: string;
  label: string;
  value: string;
  options: [string, string][];
  onChange: (value: string) => void;
  error: string | null;
}) {
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        aria-invalid={error ? true : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{t("pointForm.choose")}</option>
        {options.map(([code, name]) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      {error ? (
        <p class="field-error" role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}
