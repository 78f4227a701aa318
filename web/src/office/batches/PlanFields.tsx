import type { Failure } from "../../api/failure";
import { TITLE_CHARS_MAX } from "../../api/limits";
import { reference } from "../../session/reference";
import { localName, t } from "../../texts";
import { TextField } from "../../ui/TextField";
import { areas } from "../areas";
import { faultAt } from "../plans/fault";
import { lastOfMonth } from "./days";
import { areaText } from "./look";
import { NumberField } from "./NumberField";
import { NUMBERS } from "./planForm";
import type { NumberName, PlanForm, QuotaForm } from "./planForm";

interface Props {
  form: PlanForm;
  failure: Failure | null;
  onChange: (part: Partial<PlanForm>) => void;
}

/** Several of a few, all of them where none is ticked. */
export function Ticks({
  legend,
  hint,
  options,
  chosen,
  onChange,
}: {
  legend: string;
  hint: string;
  options: [code: string, name: string][];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}) {
  return (
    <fieldset class="stack-tight batch-ticks">
      <legend class="label">{legend}</legend>
      <p class="meta">{hint}</p>
      <div class="wrap">
        {options.map(([code, name]) => (
          <label class="tick" key={code}>
            <input
              type="checkbox"
              checked={chosen.includes(code)}
              onChange={() =>
                onChange(chosen.includes(code) ? chosen.filter((one) => one !== code) : [...chosen, code])
              }
            />
            <span lang="zh-CN">{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

const typesOf = (): [string, string][] =>
  (reference.value?.point_types ?? []).map((type) => [type.code, localName(type)]);
const areasOf = (): [string, string][] => areas(reference.value?.units ?? []);

/** What it is called, when it is, and what it covers. */
export function Scope({ form, failure, onChange }: Props) {
  const campaigns = (reference.value?.campaigns ?? []).map((one): [string, string] => [one.code, localName(one)]);
  const known = areasOf();
  // A code that a stored plan names and no unit answers for stays in sight.
  const unnamed = form.areas.filter((code) => !known.some(([one]) => one === code));
  return (
    <section class="card stack" aria-labelledby="scope-title">
      <h2 id="scope-title">{t("planForm.scope")}</h2>
      <TextField
        id="plan-title"
        label={t("planForm.name")}
        hint={t("planForm.nameHint")}
        value={form.title}
        max={TITLE_CHARS_MAX}
        error={faultAt(failure, "/title")}
        onInput={(title) => onChange({ title })}
      />
      <div class="plan-two">
        <TextField
          id="plan-from"
          type="date"
          label={t("planForm.from")}
          value={form.window_from}
          error={faultAt(failure, "/window_from")}
          onInput={(window_from) =>
            onChange({
              window_from,
              // The window lies in one month: its end moves with its beginning.
              ...(window_from.slice(0, 7) === form.window_to.slice(0, 7) || window_from === ""
                ? {}
                : { window_to: lastOfMonth(window_from) }),
            })
          }
        />
        <TextField
          id="plan-to"
          type="date"
          label={t("planForm.to")}
          value={form.window_to}
          min={form.window_from}
          error={faultAt(failure, "/window_to")}
          onInput={(window_to) => onChange({ window_to })}
        />
      </div>
      <p class="meta">{t("planForm.monthHint")}</p>
      <Ticks
        legend={t("planForm.campaigns")}
        hint={t("planForm.campaignsHint")}
        options={campaigns}
        chosen={form.campaigns}
        onChange={(next) => onChange({ campaigns: next })}
      />
      {known.length + unnamed.length > 0 ? (
        <Ticks
          legend={t("planForm.areas")}
          hint={t("planForm.areasHint")}
          options={[...known, ...unnamed.map((code): [string, string] => [code, code])]}
          chosen={form.areas}
          onChange={(next) => onChange({ areas: next })}
        />
      ) : null}
    </section>
  );
}

const GROUPS: [title: "places" | "times" | "caps", names: NumberName[]][] = [
  ["places", ["open_places", "proportional_places", "demo_percent"]],
  ["times", ["evening_min", "weekend_min"]],
  ["caps", ["point_visits_max", "unit_visits_max", "tasks_per_inspector_max"]],
];

/** How many, how often, and how much at most. */
export function Numbers({ form, failure, onChange }: Props) {
  return (
    <section class="card stack" aria-labelledby="numbers-title">
      <h2 id="numbers-title">{t("planForm.rules")}</h2>
      {GROUPS.map(([title, names]) => (
        <fieldset class="stack batch-group" key={title}>
          <legend class="label">{t(`planGroup.${title}`)}</legend>
          <div class="plan-numbers">
            {names.map((name) => (
              <NumberField
                key={name}
                id={`plan-${name}`}
                label={t(`planNumber.${name}`)}
                hint={t(`planNumberHint.${name}`)}
                value={form.numbers[name] ?? NUMBERS[name]}
                error={faultAt(failure, `/rules/${name}`)}
                onInput={(value) => onChange({ numbers: { ...form.numbers, [name]: value } })}
              />
            ))}
          </div>
        </fieldset>
      ))}
    </section>
  );
}

/** How many points of a type in an area at least. */
export function Quotas({ form, failure, onChange }: Props) {
  const change = (at: number, part: Partial<QuotaForm>) =>
    onChange({ quotas: form.quotas.map((quota, place) => (place === at ? { ...quota, ...part } : quota)) });
  const choice = (at: number, name: "point_type" | "area", options: [string, string][], value: string) => (
    <label class="field">
      <span class="label">{t(`planForm.${name}`)}</span>
      <select
        value={value}
        aria-invalid={faultAt(failure, `/rules/quotas/${at}/${name}`) ? true : undefined}
        onChange={(event) => change(at, { [name]: event.currentTarget.value })}
      >
        <option value="">{t("planForm.choose")}</option>
        {options.map(([code, words]) => (
          <option key={code} value={code}>
            {words}
          </option>
        ))}
        {value === "" || options.some(([code]) => code === value) ? null : <option value={value}>{value}</option>}
      </select>
    </label>
  );
  return (
    <section class="card stack" aria-labelledby="quotas-title">
      <h2 id="quotas-title">{t("planForm.quotas")}</h2>
      <p class="meta">{t("planForm.quotasHint")}</p>
      {form.quotas.map((quota, at) => {
        const fault = faultAt(failure, `/rules/quotas/${at}`);
        return (
          <div class="plan-quota" key={at} role="group" aria-label={t("planForm.quota", { number: at + 1 })}>
            {choice(at, "point_type", typesOf(), quota.point_type)}
            {choice(at, "area", areaChoices(form), quota.area)}
            <NumberField
              id={`quota-${at}`}
              label={t("planForm.count")}
              value={quota.count}
              error={faultAt(failure, `/rules/quotas/${at}/count`) ?? fault}
              onInput={(count) => change(at, { count })}
            />
            <button
              type="button"
              class="button"
              aria-label={t("planForm.removeQuota", { number: at + 1 })}
              onClick={() => onChange({ quotas: form.quotas.filter((_, place) => place !== at) })}
            >
              {t("action.delete")}
            </button>
          </div>
        );
      })}
      <div>
        <button
          type="button"
          class="button"
          onClick={() => onChange({ quotas: [...form.quotas, { point_type: "", area: "", count: "1" }] })}
        >
          {t("planForm.addQuota")}
        </button>
      </div>
    </section>
  );
}

/** Areas that have points, by their names. */
function areaChoices(form: PlanForm): [string, string][] {
  const codes = new Set((reference.value?.points ?? []).map((point) => point.area_code));
  const named = new Map(areasOf());
  const wanted = form.areas.length === 0 ? [...codes] : form.areas;
  return wanted.sort().map((code) => [code, named.get(code) ?? areaText(code)]);
}

/** Where two people go. */
export function Pairs({ form, onChange }: Omit<Props, "failure">) {
  return (
    <section class="card stack" aria-labelledby="pairs-title">
      <h2 id="pairs-title">{t("planForm.pairs")}</h2>
      <label class="tick">
        <input
          type="checkbox"
          checked={form.pair_severe}
          onChange={() => onChange({ pair_severe: !form.pair_severe })}
        />
        {t("planForm.pairSevere")}
      </label>
      <details>
        <summary>{t("planForm.pairTypes", { count: form.pair_types.length })}</summary>
        <Ticks
          legend={t("planForm.pairTypesLegend")}
          hint={t("planForm.pairTypesHint")}
          options={typesOf()}
          chosen={form.pair_types}
          onChange={(pair_types) => onChange({ pair_types })}
        />
      </details>
    </section>
  );
}
