import type { Failure } from "../../api/failure";
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
  vice_head: boolean;
}

/** Whether an account of this role has to name its unit. */
export const hasUnit = (role: Role | null): boolean => role !== null && ROLES[role].hasUnit;

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
  const unitFault = missing(hasUnit(fields.role) && fields.unit_id === "") ?? fieldErrorText(failure, "/unit_id");
  return (
    <>
      {isNew ? (
        <TextField
          id="username"
          label={t("login.username")}
          hint={t("users.usernameRule")}
          value={fields.username}
          onInput={(username) => set({ username: username.trim() })}
          max={32}
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
        max={40}
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
      {hasUnit(fields.role) ? (
        <div class="field">
          <label class="label" for="unit">
            {t("unit.title")}
          </label>
          <select
            id="unit"
            value={fields.unit_id}
            aria-invalid={unitFault ? true : undefined}
            onChange={(event) => set({ unit_id: event.currentTarget.value })}
          >
            <option value="">{t("users.chooseUnit")}</option>
            {units.map((unit) => (
              <option key={unit.id} value={unit.id} lang="zh-CN">
                {unit.name}
              </option>
            ))}
          </select>
          {unitFault ? (
            <p class="field-error" role="alert">
              {unitFault}
            </p>
          ) : null}
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
      ) : null}
    </>
  );
}

/** Whether the form can be sent. */
export const isComplete = (fields: Fields, isNew: boolean): boolean =>
  (!isNew || fields.username !== "") &&
  fields.display_name.trim() !== "" &&
  fields.role !== null &&
  (!hasUnit(fields.role) || fields.unit_id !== "");
