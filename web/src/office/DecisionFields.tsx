import { useEffect, useState } from "preact/hooks";
import * as calls from "../api/calls";
import type { OfficeIssue, Schemas, Severity } from "../api/types";
import { itemOf, reference } from "../session/reference";
import { faultOf, t } from "../texts";
import { fromLocalInput, momentWords, toLocalInput } from "../time/moment";
import { Choices, TextField } from "../ui/Choices";
import { PlanFields } from "../ui/PlanFields";
import { DECISIONS, expectsVisit } from "./decisions";
import type { Ask, DecisionAction, DecisionFields as Fields } from "./decisions";

const SEVERITIES: Severity[] = ["low", "medium", "high"];
const yesNo = (yes: string, no: string) => [
  { value: "yes" as const, label: yes },
  { value: "no" as const, label: no },
];

/**
 * What a decision asks for. Without an issue it is for many at once: each keeps its own unit and severity unless one
 * is chosen.
 */
export function DecisionFields({
  action,
  fields,
  faults,
  set,
  issue,
}: {
  action: DecisionAction;
  fields: Fields;
  faults: Ask[];
  set: (change: Partial<Fields>) => void;
  issue: OfficeIssue | null;
}) {
  const { asks } = DECISIONS[action];
  const has = (ask: Ask) => asks.includes(ask);
  const fault = (ask: Ask) => (faults.includes(ask) ? t("field.required") : null);
  const needsNote = action === "pass" && issue !== null && !fields.onSite && expectsVisit(issue);
  const phrases = t(`phrases.${action}` as "phrases.fail")
    .split("|")
    .filter(Boolean);
  return (
    <>
      {has("severity") && issue ? (
        <Choices
          name="severity"
          legend={t("severity.title")}
          layout="choices-even"
          value={fields.severity}
          onChange={(severity) => set({ severity })}
          options={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
        />
      ) : null}
      {has("severity") && !issue ? <p class="meta">{t("bulk.ownSeverity")}</p> : null}
      {has("granted") ? (
        <Choices
          name="granted"
          legend={t("office.granted")}
          layout="choices-even"
          value={fields.granted === null ? null : fields.granted ? "yes" : "no"}
          error={fault("granted")}
          onChange={(value) => set({ granted: value === "yes" })}
          options={yesNo(t("office.grantedYes"), t("office.grantedNo"))}
        />
      ) : null}
      {has("on-site") ? (
        <Choices
          name="on-site"
          legend={t("office.onSite")}
          layout="choices-even"
          value={fields.onSite ? "yes" : "no"}
          onChange={(value) => set({ onSite: value === "yes" })}
          options={yesNo(t("office.onSiteYes"), t("office.onSiteNo"))}
        />
      ) : null}
      {has("founded") ? (
        <Choices
          name="founded"
          legend={t("office.founded")}
          layout="choices-even"
          value={fields.founded ? "yes" : "no"}
          onChange={(value) => set({ founded: value === "yes" })}
          options={yesNo(t("office.foundedYes"), t("office.foundedNo"))}
        />
      ) : null}
      {has("unit") ? (
        <div class="field">
          <label class="label" for="decide-unit">
            {t("unit.title")}
          </label>
          <select
            id="decide-unit"
            value={fields.unitId}
            aria-invalid={faults.includes("unit") || undefined}
            onChange={(event) => set({ unitId: event.currentTarget.value })}
          >
            <option value="">{t(issue ? "office.choose" : "bulk.ownUnit")}</option>
            {(reference.value?.units ?? [])
              .filter((unit) => unit.active)
              .map((unit) => (
                <option key={unit.id} lang="zh-CN" value={unit.id}>
                  {unit.name}
                </option>
              ))}
          </select>
          {fault("unit") ? <p class="field-error">{fault("unit")}</p> : null}
        </div>
      ) : null}
      {has("final") ? (
        <label class="tick">
          <input
            type="checkbox"
            checked={fields.final}
            onChange={(event) => set({ final: event.currentTarget.checked })}
          />
          {t("office.final")}
        </label>
      ) : null}
      {has("due") ? (
        <TextField
          id="decide-due"
          type="datetime-local"
          label={t("office.due")}
          hint={t("office.dueHint")}
          value={fields.due ? toLocalInput(fields.due) : ""}
          onInput={(value) => set({ due: value ? fromLocalInput(value) : "" })}
        />
      ) : null}
      {has("inspector") ? (
        <InspectorField
          value={fields.inspectorId}
          onChange={(inspectorId) => set({ inspectorId })}
          error={fault("inspector")}
          finderId={issue?.finder.id ?? null}
        />
      ) : null}
      {has("plan") ? (
        <PlanFields
          plan={fields.plan}
          onChange={(plan) => set({ plan })}
          error={faults.includes("plan") ? t("plan.fault") : null}
        />
      ) : null}
      {has("reason") || has("note") ? (
        <>
          <TextField
            id="decide-text"
            rows={3}
            max={500}
            label={t(has("reason") ? "office.reason" : needsNote ? "office.deskNote" : "office.note")}
            value={fields.text}
            onInput={(text) => set({ text })}
            error={fault("reason") ?? fault("note")}
          />
          {phrases.length > 0 ? (
            <div class="wrap" role="group" aria-label={t("report.phrasesTitle")}>
              {phrases.map((phrase) => (
                <button
                  type="button"
                  class="phrase"
                  key={phrase}
                  onClick={() =>
                    set({ text: fields.text ? `${fields.text}${t("punctuation.comma")}${phrase}` : phrase })
                  }
                >
                  {phrase}
                </button>
              ))}
            </div>
          ) : null}
        </>
      ) : null}
      {has("duplicate") && issue ? (
        <DuplicateField value={fields.duplicateOf} onChange={(duplicateOf) => set({ duplicateOf })} issue={issue} />
      ) : null}
    </>
  );
}

function InspectorField({
  value,
  onChange,
  error,
  finderId,
}: {
  value: string;
  onChange: (id: string) => void;
  error: string | null;
  finderId: string | null;
}) {
  const [people, setPeople] = useState<Schemas["Person"][]>([]);
  useEffect(() => void calls.listInspectors().then(setPeople, () => undefined), []);
  return (
    <div class="field">
      <label class="label" for="decide-inspector">
        {t("role.inspector")}
      </label>
      <select id="decide-inspector" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{t("office.choose")}</option>
        {people.map((person) => (
          <option key={person.id} value={person.id}>
            {person.display_name}
            {person.id === finderId ? ` \u00b7 ${t("office.isFinder")}` : ""}
          </option>
        ))}
      </select>
      {error ? <p class="field-error">{error}</p> : null}
    </div>
  );
}

/** A duplicate lies at the same place, so those are offered and nobody types an id. */
function DuplicateField({
  value,
  onChange,
  issue,
}: {
  value: string;
  onChange: (id: string) => void;
  issue: OfficeIssue;
}) {
  const [others, setOthers] = useState<OfficeIssue[]>([]);
  useEffect(() => {
    const query = `point_id=${issue.point.id}&limit=50`;
    void calls.listIssues(query).then(
      (page) => setOthers((page.items as OfficeIssue[]).filter((one) => one.id !== issue.id)),
      () => undefined,
    );
  }, [issue.id]);
  return (
    <div class="field">
      <label class="label" for="decide-duplicate">
        {t("office.duplicateOf")}
      </label>
      <select id="decide-duplicate" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="">{t("office.noDuplicate")}</option>
        {others.map((one) => (
          <option key={one.id} value={one.id}>
            {[one.number ?? momentWords(one.captured_at), faultOf(itemOf(one.item_code)), t(`issue.${one.state}`)].join(
              " \u00b7 ",
            )}
          </option>
        ))}
      </select>
    </div>
  );
}
