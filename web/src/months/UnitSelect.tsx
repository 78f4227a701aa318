import { reference } from "../session/reference";
import { t } from "../texts";

/** A choice among the units in use. */
export function UnitSelect({
  id,
  value,
  onChange,
  error,
}: {
  id: string;
  value: string;
  onChange: (unit: string) => void;
  error: string | null;
}) {
  const units = (reference.value?.units ?? []).filter((unit) => unit.active || unit.id === value);
  return (
    <div class="field">
      <label class="label" for={id}>
        {t("ranking.unit")}
      </label>
      <select
        id={id}
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? `${id}-error` : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{t("byHand.chooseUnit")}</option>
        {units.map((unit) => (
          <option key={unit.id} value={unit.id} lang="zh-CN">
            {unit.name}
          </option>
        ))}
      </select>
      {error ? (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      ) : null}
    </div>
  );
}
