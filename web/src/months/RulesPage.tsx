import { RULES_SOURCE_CHARS_MAX } from "../api/limits";
import { listRules, putRules } from "../api/months";
import type { KeptRules } from "../api/months";
import { reachable } from "../api/request";
import { link } from "../router";
import { t } from "../texts";
import type { TextKey } from "../texts";
import { FailureNotice, Fetched, Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { TextField } from "../ui/TextField";
import { useCached } from "../ui/useCached";
import { faultAt } from "./fault";
import { me } from "./role";
import { changed, CHOICES, GROUPS, rowsOf, withValues } from "./rules";
import type { Pointer, RuleRow } from "./rules";
import { useSending } from "./useStep";
import { dateText, exactText } from "./words";
import { forgetTyped, useTyped } from "../ui/useTyped";

const labelOf = (pointer: Pointer): string => t(`rule${pointer.split("/").join(".")}` as TextKey);
const shown = ({ pointer, value }: RuleRow): string =>
  pointer in CHOICES ? t(`ruleChoice.${value}` as TextKey) : exactText(String(value));

/** The rules of the month in their versions: the newest holds for months that are frozen from now on. */
export function RulesPage() {
  const rules = useCached<KeptRules[]>("month-rules", listRules);
  const [isEditing, setEditing] = useTyped("month-rules", "open", false);
  return (
    <Page title={t("months.rules")} back={link("months")} isWide>
      <Fetched of={rules}>
        {(versions) => {
          const [newest] = versions;
          if (newest === undefined) return null;
          return (
            <div class="stack-wide">
              <Notice>
                <p>{t("rules.hint")}</p>
              </Notice>
              <VersionHead of={newest} />
              {isEditing ? (
                <RulesForm
                  key={newest.rules.version}
                  of={newest}
                  onCancel={() => setEditing(false)}
                  onSaved={() => {
                    setEditing(false);
                    rules.reload();
                  }}
                />
              ) : (
                <>
                  <div>
                    <button type="button" class="button" onClick={() => setEditing(true)}>
                      {t("rules.edit")}
                    </button>
                  </div>
                  <RulesTable of={newest} />
                </>
              )}
              {versions.length > 1 ? <Older versions={versions} /> : null}
            </div>
          );
        }}
      </Fetched>
    </Page>
  );
}

function VersionHead({ of: { rules, source, made_by, made_at } }: { of: KeptRules }) {
  return (
    <div class="stack-tight">
      <h2>{t("rules.version", { version: rules.version })}</h2>
      <p class="meta">
        {source === null ? t("rules.builtIn") : t("rules.source", { source })}
        {made_at === null ? null : (
          <>
            {t("punctuation.dot")}
            {t(made_by === me() ? "rules.madeByMe" : "rules.madeAt", { at: dateText(made_at) })}
          </>
        )}
      </p>
    </div>
  );
}

function RulesTable({ of }: { of: KeptRules }) {
  const rows = rowsOf(of.rules);
  return (
    <div class="month-rules">
      {GROUPS.map((group) => (
        <section class="card stack" key={group} aria-labelledby={`rules-${group}`}>
          <h3 id={`rules-${group}`}>{t(`ruleGroup.${group}`)}</h3>
          <dl class="month-pairs">
            {rows
              .filter((row) => row.group === group)
              .map((row) => (
                <div key={row.pointer}>
                  <dt>{labelOf(row.pointer)}</dt>
                  <dd>{shown(row)}</dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

/** Earlier versions, with what each changed. */
function Older({ versions }: { versions: KeptRules[] }) {
  return (
    <section class="card stack" aria-labelledby="older-title">
      <h2 id="older-title">{t("rules.older")}</h2>
      <ul class="month-list">
        {versions.map((one, at) => {
          const before = versions[at + 1];
          const values = new Map(rowsOf(one.rules).map((row) => [row.pointer, row]));
          const was = new Map((before ? rowsOf(before.rules) : []).map((row) => [row.pointer, row]));
          return (
            <li key={one.rules.version} class="stack-tight">
              <VersionHead of={one} />
              {before === undefined ? null : (
                <ul class="stack-tight">
                  {changed(before.rules, one.rules).map((pointer) => {
                    const [now, old] = [values.get(pointer), was.get(pointer)];
                    return (
                      <li key={pointer}>
                        {labelOf(pointer)}
                        {t("punctuation.colon")}
                        {old ? shown(old) : "\u2013"} → {now ? shown(now) : "\u2013"}
                      </li>
                    );
                  })}
                </ul>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function RulesForm({ of, onSaved, onCancel }: { of: KeptRules; onSaved: () => void; onCancel: () => void }) {
  const rows = rowsOf(of.rules);
  const form = `month-rules/${of.rules.version}`;
  const [texts, setTexts] = useTyped<Record<Pointer, string>>(form, "texts", {});
  const [source, setSource] = useTyped(form, "source", "");
  const { isBusy, failure, send } = useSending(onSaved);
  const textOf = (row: RuleRow) => texts[row.pointer] ?? exactText(String(row.value));
  const isChanged = rows.some((row) => textOf(row).trim() !== exactText(String(row.value)));
  const fault = (pointer: Pointer) => faultAt(failure, `/rules${pointer}`) ?? faultAt(failure, pointer);
  return (
    <form
      class="stack-wide"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        // Only what was typed: an exact number of many digits stays what it was.
        const typed: Record<Pointer, string> = {};
        for (const row of rows) {
          if (textOf(row).trim() !== exactText(String(row.value))) typed[row.pointer] = textOf(row);
        }
        void send(
          () => putRules(withValues(of.rules, typed), source.trim()),
          () => forgetTyped("month-rules"),
        );
      }}
    >
      <div class="month-rules">
        {GROUPS.map((group) => (
          <fieldset class="card stack" key={group}>
            <legend class="visually-hidden">{t(`ruleGroup.${group}`)}</legend>
            <p class="list-title" aria-hidden="true">
              {t(`ruleGroup.${group}`)}
            </p>
            {rows
              .filter((row) => row.group === group)
              .map((row) =>
                row.pointer in CHOICES ? (
                  <label class="field" key={row.pointer}>
                    <span class="label">{labelOf(row.pointer)}</span>
                    <select
                      value={textOf(row)}
                      onChange={(event) => setTexts({ ...texts, [row.pointer]: event.currentTarget.value })}
                    >
                      {CHOICES[row.pointer]?.map((choice) => (
                        <option key={choice} value={choice}>
                          {t(`ruleChoice.${choice}` as TextKey)}
                        </option>
                      ))}
                    </select>
                  </label>
                ) : (
                  <TextField
                    key={row.pointer}
                    id={`rule${row.pointer.split("/").join("-")}`}
                    label={labelOf(row.pointer)}
                    value={textOf(row)}
                    onInput={(value) => setTexts({ ...texts, [row.pointer]: value })}
                    error={fault(row.pointer)}
                  />
                ),
              )}
          </fieldset>
        ))}
      </div>
      <section class="card stack">
        <TextField
          id="rules-source"
          label={t("rules.sourceLabel")}
          hint={t("rules.sourceHint")}
          max={RULES_SOURCE_CHARS_MAX}
          value={source}
          onInput={setSource}
          error={faultAt(failure, "/source")}
        />
        {failure ? <FailureNotice failure={failure} /> : null}
        <div class="wrap">
          <button
            type="submit"
            class="button button-primary"
            disabled={isBusy || !reachable.value || !isChanged || source.trim() === ""}
          >
            {t(isBusy ? "months.busy" : "rules.save")}
          </button>
          <button
            type="button"
            class="button"
            onClick={() => {
              forgetTyped("month-rules");
              onCancel();
            }}
          >
            {t("action.cancel")}
          </button>
        </div>
      </section>
    </form>
  );
}
