import { reference } from "../../session/reference";
import { t } from "../../texts";

/** A unit that takes issues. */
export function UnitChoice({
  label,
  value,
  error,
  onChange,
}: {
  label: string;
  value: string;
  error: string | null;
  onChange: (unit: string) => void;
}) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <select
        value={value}
        aria-invalid={error ? true : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{t("heads.chooseUnit")}</option>
        {(reference.value?.units ?? [])
          .filter((unit) => unit.active)
          .map((unit) => (
            <option key={unit.id} value={unit.id} lang="zh-CN">
              {unit.name}
            </option>
          ))}
      </select>
      {error ? (
        <span class="field-error" role="alert">
          {error}
        </span>
      ) : null}
    </label>
  );
}
