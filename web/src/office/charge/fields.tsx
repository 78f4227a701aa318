import { useState } from "preact/hooks";
import { placeOf, reference } from "../../session/reference";
import { t } from "../../texts";
import { TextField } from "../../ui/TextField";
import { fitsNamed } from "../settings/Table";

/** How many points a search offers. Source: our choice. */
const FOUND_MAX = 8;

/** One of a list, with its fault beside it. */
export function Select({
  label,
  empty,
  value,
  options,
  error,
  onChange,
}: {
  label: string;
  empty: string;
  value: string;
  options: [value: string, words: string][];
  error: string | null;
  onChange: (value: string) => void;
}) {
  return (
    <label class="field">
      <span class="label">{label}</span>
      <select
        value={value}
        aria-invalid={error ? true : undefined}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{empty}</option>
        {options.map(([key, words]) => (
          <option key={key} value={key} lang="zh-CN">
            {words}
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

/** A county has hundreds of points: by name or code. */
export function PointSearch({
  value,
  error,
  onChange,
}: {
  value: string;
  error: string | null;
  onChange: (point: string) => void;
}) {
  const [words, setWords] = useState("");
  const asked = words.trim();
  const found =
    asked === ""
      ? []
      : (reference.value?.points ?? [])
          .filter((point) => fitsNamed(asked, point, point.name, point.code))
          .slice(0, FOUND_MAX);
  const chosen = placeOf(value);
  return (
    <div class="stack-tight">
      <TextField
        id="pairing-point"
        type="search"
        label={t("place.title")}
        hint={t("pairing.pointHint")}
        value={words}
        error={error}
        onInput={setWords}
      />
      {found.length > 0 ? (
        <div class="wrap" role="group" aria-label={t("pairing.found")}>
          {found.map((point) => (
            <button
              type="button"
              class="phrase"
              key={point.id}
              lang="zh-CN"
              aria-pressed={point.id === value}
              onClick={() => {
                onChange(point.id);
                setWords("");
              }}
            >
              {point.name}
            </button>
          ))}
        </div>
      ) : asked === "" ? null : (
        <p class="meta">{t("pairing.noPoint")}</p>
      )}
      {chosen ? (
        <p role="status">
          {t("pairing.chosen")}
          <strong lang="zh-CN">{chosen.name}</strong>
        </p>
      ) : null}
    </div>
  );
}
