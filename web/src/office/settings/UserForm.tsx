import type { Failure } from "../../api/failure";
import { NAME_CHARS_MAX, USERNAME_CHARS_MAX } from "../../api/limits";
import type { Role } from "../../api/types";
import { keysOf } from "../../keysOf";
import { ROLES } from "../../roles";
import { reference } from "../../session/reference";
import { t } from "../../texts";
import { Choices, TextField } from "../../ui/Choices";
import { fieldErrorText } from "./fieldErrorText";

export interface Fields {
  username: string;
  display_name: string;
  role: Role | null;
  unit_id: string;
  campaign: string;
  vice_head: boolean;
}

/** What an account of this role names besides itself. */
export function namedFields(fields: Fields): Partial<Pick<Fields, "unit_id" | "campaign" | "vice_head">> {
  const { role, unit_id, campaign, vice_head } = fields;
  if (role !== null && ROLES[role].hasUnit) return { unit_id, vice_head };
  if (role !== null && ROLES[role].hasCampaign) return { campaign };
  return {};
}

/** The fields that a fault is shown beside. */
export const FIELD_POINTERS = ["/username", "/display_name", "/role", "/unit_id", "/campaign"];

/** What an account consists of; an account that is there keeps its name. */
export function UserFields({
  fields,
  onChange,
  failure,
  isNew,
  isTried,
}: {
  fields: Fields;
  onChange: (fields: Fields) => void;
  failure: Failure | null;
  isNew: boolean;
  isTried: boolean;
}) {
  const set = (part: Partial<Fields>) => onChange({ ...fields, ...part });
  const missing = (is: boolean) => (isTried && is ? t("field.required") : null);
  const units = (reference.value?.units ?? []).filter((unit) => unit.active || unit.id === fields.unit_id);
  const named = namedFields(fields);
  return (
    <>
      {isNew ? (
        <TextField
          id="username"
          label={t("login.username")}
          hint={t("users.usernameRule")}
          value={fields.username}
          onInput={(username) => set({ username: username.trim() })}
          max={USERNAME_CHARS_MAX}
          autocomplete="off"
          error={
            missing(fields.username === "") ??
            (failure?.code === "already-exists" ? t("users.taken") : fieldErrorText(failure, "/username"))
          }
        />
      ) : null}
      <TextField
        id="display-name"
        label={t("users.name")}
        hint={fields.role && ROLES[fields.role].isFinder ? t("users.pseudonym") : t("users.nameHint")}
        value={fields.display_name}
        onInput={(display_name) => set({ display_name })}
        max={NAME_CHARS_MAX}
        autocomplete="off"
        error={missing(fields.display_name.trim() === "") ?? fieldErrorText(failure, "/display_name")}
      />
      <Choices<Role>
        name="role"
        legend={t("users.role")}
        layout="choices-3"
        value={fields.role}
        onChange={(role) => set({ role })}
        options={keysOf(ROLES).map((value) => ({ value, label: t(`role.${value}`) }))}
        error={missing(fields.role === null) ?? fieldErrorText(failure, "/role")}
      />
      {fields.role === null ? null : <p class="meta">{t(`roleHint.${fields.role}`)}</p>}
      {named.unit_id === undefined ? null : (
        <div class="field">
          <OneOf
            id="unit"
            label={t("unit.title")}
            choose={t("users.chooseUnit")}
            value={fields.unit_id}
            options={units.map((unit) => ({ value: unit.id, label: unit.name }))}
            onChange={(unit_id) => set({ unit_id })}
            fault={missing(fields.unit_id === "") ?? fieldErrorText(failure, "/unit_id")}
          />
          <label class="tick">
            <input
              type="checkbox"
              checked={fields.vice_head}
              onChange={(event) => set({ vice_head: event.currentTarget.checked })}
            />
            {t("users.viceHead")}
          </label>
          <p class="meta">{t("users.viceHeadHint")}</p>
        </div>
      )}
      {named.campaign === undefined ? null : (
        <div class="field">
          <OneOf
            id="campaign"
            label={t("points.campaign")}
            choose={t("users.chooseCampaign")}
            value={fields.campaign}
            options={(reference.value?.campaigns ?? []).map((one) => ({ value: one.code, label: one.name }))}
            onChange={(campaign) => set({ campaign })}
            fault={missing(fields.campaign === "") ?? fieldErrorText(failure, "/campaign")}
          />
        </div>
      )}
    </>
  );
}

/** A list of the county's own names, of which one is chosen. */
function OneOf({
  id,
  label,
  choose,
  value,
  options,
  onChange,
  fault,
}: {
  id: string;
  label: string;
  choose: string;
  value: string;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
  fault: string | null;
}) {
  return (
    <>
      <label class="label" for={id}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        aria-invalid={fault ? true : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{choose}</option>
        {options.map((one) => (
          <option key={one.value} value={one.value} lang="zh-CN">
            {one.label}
          </option>
        ))}
      </select>
      {fault ? (
        <p class="field-error" role="alert">
          {fault}
        </p>
      ) : null}
    </>
  );
}

/** Whether the form can be sent. */
export const isComplete = (fields: Fields, isNew: boolean): boolean =>
  (!isNew || fields.username !== "") &&
  fields.display_name.trim() !== "" &&
  fields.role !== null &&
  !Object.values(namedFields(fields)).includes("");
