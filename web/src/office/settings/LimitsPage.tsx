import { useState } from "preact/hooks";
import { changeSettings, listSettings } from "../../api/settings";
import type { Setting } from "../../api/settings";
import { asFailure } from "../../api/failure";
import type { Failure } from "../../api/failure";
import { reachable } from "../../api/request";
import { link } from "../../router";
import { may } from "../../session/session";
import { t } from "../../texts";
import type { TextKey } from "../../texts";
import { useCached } from "../../ui/useCached";
import { FailureNotice, Fetched, Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { fieldErrorText, isBesideFields } from "./fieldErrorText";
import { forgetTyped, useTyped } from "../../ui/useTyped";

/** The unit of each number. Settings that are not listed have the unit in their name. */
const UNITS: Record<string, TextKey> = {
  offline_skew_minutes_max: "limits.unit.minutes",
  offline_hours_max: "limits.unit.hours",
  capture_ahead_minutes_max: "limits.unit.minutes",
  photo_time_minutes_max: "limits.unit.minutes",
  password_chars_min: "limits.unit.chars",
  password_classes_min: "limits.unit.kinds",
  password_days_max: "limits.unit.days",
  password_history: "limits.unit.passwords",
  sign_in_failures_max: "limits.unit.times",
  sign_in_lock_minutes: "limits.unit.minutes",
  idle_minutes_desk: "limits.unit.minutes",
  idle_minutes_phone: "limits.unit.minutes",
  session_hours_max: "limits.unit.hours",
  task_lead_minutes: "limits.unit.minutes",
  travel_kmh_max: "limits.unit.kmh",
  same_positions_min: "limits.unit.times",
  fix_alike_bits_max: "limits.unit.chars",
  fix_unlike_bits_min: "limits.unit.chars",
  burst_fixes_min: "limits.unit.times",
  burst_minutes_max: "limits.unit.minutes",
  capture_nonce_hours_max: "limits.unit.hours",
};

/** Every setting: what it means, what it can be, and what holds when nothing is set. */
export function LimitsPage() {
  const settings = useCached<Setting[]>("settings/fields", listSettings);
  return (
    <Page title={t("settings.limits")} back={link("settings")}>
      <Fetched of={settings} rows={6}>
        {(all) => <Form all={all} onSaved={settings.reload} />}
      </Fetched>
    </Page>
  );
}

const wordsOf = (value: unknown): string =>
  typeof value === "string" ? t(`limits.value.${value}` as TextKey) || value : String(value);

function Form({ all, onSaved }: { all: Setting[]; onSaved: () => void }) {
  const [changes, setChanges] = useTyped<Record<string, string>>("limits", "changes", {});
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isSaved, setSaved] = useState(false);
  const mayChange = may("manage-settings");
  const changed = all.filter((setting) => setting.name in changes && changes[setting.name] !== String(setting.value));
  const isWrong = (setting: Setting) => {
    const text = changes[setting.name];
    if (setting.chars_max !== null) return text !== undefined && [...text.trim()].length > setting.chars_max;
    return (
      setting.min !== null &&
      setting.max !== null &&
      text !== undefined &&
      (!/^\d+$/.test(text) || Number(text) < setting.min || Number(text) > setting.max)
    );
  };

  async function save(event: Event) {
    event.preventDefault();
    const wrong = all.find(isWrong);
    if (wrong) return document.getElementById(wrong.name)?.focus();
    setBusy(true);
    setFailure(null);
    try {
      const values: Record<string, unknown> = {};
      for (const setting of changed)
        values[setting.name] = setting.min === null ? changes[setting.name] : Number(changes[setting.name]);
      await changeSettings(values);
      setChanges({});
      forgetTyped("limits");
      setSaved(true);
      onSaved();
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }
  const set = (name: string, value: string) => {
    setChanges({ ...changes, [name]: value });
    setSaved(false);
  };

  return (
    <form class="stack" onSubmit={(event) => void save(event)} noValidate>
      {mayChange ? null : <p class="meta">{t("settings.readOnly")}</p>}
      {all.map((setting) => {
        const error = isWrong(setting)
          ? setting.chars_max === null
            ? t("limits.outOfRange", { min: setting.min ?? 0, max: setting.max ?? 0 })
            : t("limits.tooLong", { max: setting.chars_max })
          : fieldErrorText(failure, `/${setting.name}`);
        const value = changes[setting.name] ?? String(setting.value);
        const unit = UNITS[setting.name];
        return (
          <div class="card setting" key={setting.name}>
            <div class="stack-tight">
              <label class="label" for={setting.name}>
                {t(`limits.${setting.name}` as TextKey) || setting.name}
              </label>
              <p class="meta" id={`${setting.name}-hint`}>
                {t(`limitsHint.${setting.name}` as TextKey)}
              </p>
              <p class="caption" id={`${setting.name}-range`}>
                {setting.chars_max !== null
                  ? t("limits.name", { max: setting.chars_max })
                  : setting.min === null || setting.max === null
                    ? t("limits.default", { default: wordsOf(setting.default) })
                    : t("limits.range", { min: setting.min, max: setting.max, default: wordsOf(setting.default) })}
              </p>
            </div>
            <div class="field">
              {!mayChange ? (
                <p>
                  <strong>{setting.chars_max === null ? wordsOf(setting.value) : String(setting.value)}</strong>{" "}
                  {unit ? t(unit) : ""}
                </p>
              ) : setting.words.length > 0 ? (
                <select
                  id={setting.name}
                  aria-describedby={`${setting.name}-hint`}
                  value={value}
                  onChange={(event) => set(setting.name, event.currentTarget.value)}
                >
                  {setting.words.map((word) => (
                    <option key={word} value={word}>
                      {wordsOf(word)}
                    </option>
                  ))}
                </select>
              ) : (
                <span class="row">
                  <input
                    id={setting.name}
                    class="grow"
                    type="text"
                    inputMode={setting.chars_max === null ? "numeric" : "text"}
                    value={value}
                    aria-describedby={`${setting.name}-hint ${setting.name}-range`}
                    aria-invalid={error ? true : undefined}
                    onInput={(event) =>
                      set(
                        setting.name,
                        setting.chars_max === null ? event.currentTarget.value.trim() : event.currentTarget.value,
                      )
                    }
                  />
                  {unit ? <span>{t(unit)}</span> : null}
                </span>
              )}
              {error ? (
                <p class="field-error" role="alert">
                  {error}
                </p>
              ) : null}
              {mayChange && setting.chars_max === null && value !== String(setting.default) ? (
                <button
                  type="button"
                  class="button button-plain"
                  onClick={() => set(setting.name, String(setting.default))}
                >
                  {t("limits.reset")}
                </button>
              ) : null}
            </div>
          </div>
        );
      })}
      {failure &&
      !isBesideFields(
        failure,
        all.map((setting) => `/${setting.name}`),
      ) ? (
        <FailureNotice failure={failure} />
      ) : null}
      {isSaved ? (
        <Notice tone="success" role="status">
          <p>{t("limits.saved")}</p>
        </Notice>
      ) : null}
      {mayChange && !reachable.value ? (
        <Notice tone="warn">
          <p>{t("desk.needsNetwork")}</p>
        </Notice>
      ) : null}
      {mayChange ? (
        <div class="stack-tight">
          <button
            type="submit"
            class="button button-primary button-wide"
            disabled={isBusy || changed.length === 0 || !reachable.value}
          >
            {isBusy ? t("desk.saving") : t("desk.save")}
          </button>
          {changed.length > 0 ? (
            <p class="meta" role="status">
              {t("limits.changed", { count: changed.length })}
            </p>
          ) : null}
        </div>
      ) : null}
    </form>
  );
}
