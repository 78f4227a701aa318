import { useState } from "preact/hooks";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { AREA_CODE_DIGITS_MAX, CODE_CHARS_MAX, TITLE_CHARS_MAX } from "../../api/limits";
import { putUnit, readUnit } from "../../api/places";
import type { Seen, UnitBody } from "../../api/places";
import { reachable } from "../../api/request";
import type { Unit } from "../../api/types";
import { goBack, link } from "../../router";
import { reference, refreshReference } from "../../session/reference";
import { t } from "../../texts";
import { Choices } from "../../ui/Choices";
import { FailureNotice, Fetched, Loading } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { TextField } from "../../ui/TextField";
import { useCached } from "../../ui/useCached";
import { fieldErrorText, isBesideFields } from "../settings/fieldErrorText";
import { nextCode, usualArea } from "./nextCode";
import { forgetTyped, useTyped, useTypedId } from "../../ui/useTyped";

const KINDS = ["bureau", "township", "community", "company", "institution"] as const;
const POINTERS = ["/code", "/name", "/kind", "/area_code"];

/** A new unit, or one that is there. */
export function UnitFormPage({ id }: { id: string | null }) {
  return (
    <Page title={t(id === null ? "unitForm.new" : "unitForm.change")} back={link("settings", "units")}>
      {reference.value === null ? <Loading rows={4} /> : id === null ? <NewUnit /> : <OldUnit id={id} />}
    </Page>
  );
}

function NewUnit() {
  const units = reference.value?.units ?? [];
  const codes = units.map((unit) => unit.code);
  const [fields] = useState<UnitBody>({
    code: nextCode(codes, "U", 2),
    name: "",
    kind: "bureau",
    area_code: usualArea(units.map((unit) => unit.area_code)),
    active: true,
  });
  const [id] = useTypedId("unit/new");
  return <Form id={id} before={fields} version={undefined} isNew onReload={() => undefined} />;
}

function OldUnit({ id }: { id: string }) {
  const unit = useCached<Seen<Unit>>(`unit-form/${id}`, () => readUnit(id));
  return (
    <Fetched of={unit}>
      {({ body, version }) => (
        <Form
          key={version}
          id={id}
          before={{
            code: body.code,
            name: body.name,
            kind: body.kind as UnitBody["kind"],
            area_code: body.area_code,
            active: body.active,
          }}
          version={version}
          isNew={false}
          onReload={unit.reload}
        />
      )}
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
  before: UnitBody;
  version: string | undefined;
  isNew: boolean;
  onReload: () => void;
}) {
  const form = `unit/${isNew ? "new" : `${id}/${version}`}`;
  const [fields, setFields] = useTyped(form, "fields", before);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const set = (change: Partial<UnitBody>) => setFields({ ...fields, ...change });
  const missing = (value: string) => (isTried && value.trim() === "" ? t("field.required") : null);

  async function save(event: Event) {
    event.preventDefault();
    setTried(true);
    if ([fields.code, fields.name, fields.area_code].some((value) => value.trim() === "")) return;
    setBusy(true);
    setFailure(null);
    try {
      await putUnit(id, fields, version);
      forgetTyped(form);
      await refreshReference().catch(() => undefined);
      goBack(link("settings", "units"));
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="stack" onSubmit={(event) => void save(event)} noValidate>
      <TextField
        id="name"
        label={t("unitForm.name")}
        value={fields.name}
        onInput={(name) => set({ name })}
        max={TITLE_CHARS_MAX}
        autocomplete="off"
        error={missing(fields.name) ?? fieldErrorText(failure, "/name")}
      />
      <Choices
        name="kind"
        legend={t("unitForm.kind")}
        layout="choices-3"
        value={fields.kind}
        onChange={(kind) => set({ kind })}
        options={KINDS.map((value) => ({ value, label: t(`unitForm.kind.${value}`) }))}
        error={fieldErrorText(failure, "/kind")}
      />
      {isNew ? (
        <TextField
          id="code"
          label={t("unitForm.code")}
          hint={t("unitForm.codeHint")}
          value={fields.code}
          onInput={(code) => set({ code })}
          max={CODE_CHARS_MAX}
          autocomplete="off"
          error={missing(fields.code) ?? fieldErrorText(failure, "/code")}
        />
      ) : (
        <p class="meta">{t("unitForm.codeIs", { code: fields.code })}</p>
      )}
      <TextField
        id="area"
        label={t("unitForm.area")}
        hint={t("unitForm.areaHint")}
        value={fields.area_code}
        onInput={(area_code) => set({ area_code: area_code.trim() })}
        max={AREA_CODE_DIGITS_MAX}
        autocomplete="off"
        error={missing(fields.area_code) ?? (fieldErrorText(failure, "/area_code") ? t("unitForm.areaHint") : null)}
      />
      <label class="tick">
        <input
          type="checkbox"
          checked={fields.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
        {t("unitForm.active")}
      </label>
      <Saving failure={failure} pointers={POINTERS} isBusy={isBusy} onReload={onReload} />
    </form>
  );
}

/** The button that sends a form, and what came of it. */
export function Saving({
  failure,
  pointers,
  isBusy,
  onReload,
}: {
  failure: Failure | null;
  pointers: string[];
  isBusy: boolean;
  onReload: () => void;
}) {
  return (
    <>
      {failure?.code === "stale-version" ? (
        <FailureNotice failure={failure} safe={t("unitForm.stale")} onRetry={onReload} />
      ) : failure && !isBesideFields(failure, pointers) ? (
        <FailureNotice failure={failure} />
      ) : null}
      <button type="submit" class="button button-primary button-wide" disabled={isBusy || !reachable.value}>
        {isBusy ? t("unitForm.saving") : t("unitForm.save")}
      </button>
    </>
  );
}
