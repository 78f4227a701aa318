import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { listIssues } from "../api/issues";
import { listInspectors } from "../api/inspectors";
import { REASON_CHARS_MAX } from "../api/limits";
import { issueQuery } from "../api/query";
import type { DecisionAction } from "../actions";
import type { OfficeIssue, Schemas } from "../api/types";
import { keysOf } from "../keysOf";
import { itemOf, reference, unitOf } from "../session/reference";
import { SEVERITIES } from "../severities";
import { faultTitle, t } from "../texts";
import { formatLimit } from "../time/limits";
import { formatMoment } from "../time/moment";
import { fromLocalInput, toLocalInput } from "../time/civil";
import { Choices, TextField } from "../ui/Choices";
import { PlanFields } from "../ui/PlanFields";
import { decisionOf, needsNote } from "./decisions";
import type { Ask, DecisionFields as Fields } from "./decisions";
import type { Suggestion } from "./responsible";

const yesNo = (yes: string, no: string) => [
  { value: "yes" as const, label: yes },
  { value: "no" as const, label: no },
];

interface Props {
  action: DecisionAction;
  fields: Fields;
  faults: Ask[];
  set: (change: Partial<Fields>) => void;
  /** `null` where it is for many at once: each keeps its own unit and severity unless one is chosen. */
  issue: OfficeIssue | null;
  /** The unit that the division of duties names, when it is known. */
  suggestion?: Suggestion | null;
}

/** What a decision asks for. */
export function DecisionFields(props: Props) {
  const { asks } = decisionOf(props.action);
  return (
    <>
      {keysOf(FIELDS)
        .filter((ask) => asks.includes(ask))
        .map((ask) => {
          const Field = FIELDS[ask];
          return <Field key={ask} {...props} />;
        })}
    </>
  );
}

const faultText = (faults: Ask[], ask: Ask): string | null => (faults.includes(ask) ? t("field.required") : null);

/** In the order in which they are drawn. */
const FIELDS: Record<Ask, ComponentType<Props>> = {
  severity: ({ fields, set, issue }) =>
    issue ? (
      <Choices
        name="severity"
        legend={t("severity.title")}
        layout="choices-even"
        value={fields.severity}
        onChange={(severity) => set({ severity })}
        options={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
      />
    ) : (
      <p class="meta">{t("bulk.ownSeverity")}</p>
    ),
  granted: ({ fields, set, faults }) => (
    <Choices
      name="granted"
      legend={t("office.granted")}
      layout="choices-even"
      value={fields.granted === null ? null : fields.granted ? "yes" : "no"}
      error={faultText(faults, "granted")}
      onChange={(value) => set({ granted: value === "yes" })}
      options={yesNo(t("office.grantedYes"), t("office.grantedNo"))}
    />
  ),
  "on-site": ({ fields, set }) => (
    <Choices
      name="on-site"
      legend={t("office.onSite")}
      layout="choices-even"
      value={fields.onSite ? "yes" : "no"}
      onChange={(value) => set({ onSite: value === "yes" })}
      options={yesNo(t("office.onSiteYes"), t("office.onSiteNo"))}
    />
  ),
  founded: ({ fields, set }) => (
    <Choices
      name="founded"
      legend={t("office.founded")}
      layout="choices-even"
      value={fields.founded ? "yes" : "no"}
      onChange={(value) => set({ founded: value === "yes" })}
      options={yesNo(t("office.foundedYes"), t("office.foundedNo"))}
    />
  ),
  unit: ({ fields, set, faults, issue, suggestion }) => (
    <div class="field">
      <label class="label" for="decide-unit">
        {t("unit.title")}
      </label>
      {suggestion?.unitId ? (
        <p class="meta" id="decide-unit-hint">
          {t(suggestion.basis ? `suggest.${suggestion.basis}` : "suggest.point-lead", {
            unit: unitOf(suggestion.unitId)?.name ?? t("unit.unknown"),
          })}
        </p>
      ) : null}
      <select
        id="decide-unit"
        value={fields.unitId}
        aria-describedby={suggestion?.unitId ? "decide-unit-hint" : undefined}
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
      {faultText(faults, "unit") ? <p class="field-error">{faultText(faults, "unit")}</p> : null}
    </div>
  ),
  final: ({ fields, set }) => (
    <label class="tick">
      <input type="checkbox" checked={fields.final} onChange={(event) => set({ final: event.currentTarget.checked })} />
      {t("office.final")}
    </label>
  ),
  due: ({ fields, set, faults, issue }) => (
    <TextField
      id="decide-due"
      error={faults.includes("due") ? t(fields.due ? "office.duePast" : "office.dueNeeded") : null}
      type="datetime-local"
      label={t(issue && itemOf(issue.item_code)?.limit === null ? "list.due" : "office.due")}
      hint={limitHint(issue)}
      value={fields.due ? toLocalInput(fields.due) : ""}
      onInput={(value) => set({ due: value ? fromLocalInput(value) : "" })}
    />
  ),
  inspector: ({ fields, set, faults, issue }) => (
    <InspectorField
      value={fields.inspectorId}
      onChange={(inspectorId) => set({ inspectorId })}
      error={faultText(faults, "inspector")}
      finderId={issue?.finder.id ?? null}
    />
  ),
  plan: ({ fields, set, faults }) => (
    <PlanFields
      plan={fields.plan}
      onChange={(plan) => set({ plan })}
      error={faults.includes("plan") ? t("plan.fault") : null}
    />
  ),
  reason: (props) => <DecisionText {...props} ask="reason" label={t("office.reason")} />,
  note: (props) => (
    <DecisionText
      {...props}
      ask="note"
      label={t(needsNote(props.action, props.fields, props.issue) ? "office.deskNote" : "office.note")}
    />
  ),
  duplicate: ({ fields, set, issue }) =>
    issue ? (
      <DuplicateField value={fields.duplicateOf} onChange={(duplicateOf) => set({ duplicateOf })} issue={issue} />
    ) : null,
};

/** The limit that holds where no instant is set. */
function limitHint(issue: OfficeIssue | null): string {
  const limit = issue && itemOf(issue.item_code)?.limit;
  if (limit) return t(issue.chain_no > 0 ? "office.dueHalved" : "office.dueLimit", { limit: formatLimit(limit) });
  return t(issue ? "office.dueNoLimit" : "office.dueHint");
}

/** The text of a decision, with phrases to put in by one press. */
function DecisionText({ action, fields, faults, set, ask, label }: Props & { ask: Ask; label: string }) {
  const phrases = t(`phrases.${action}`).split("|").filter(Boolean);
  const add = (phrase: string) =>
    set({ text: fields.text ? `${fields.text}${t("punctuation.comma")}${phrase}` : phrase });
  return (
    <>
      <TextField
        id="decide-text"
        rows={3}
        max={REASON_CHARS_MAX}
        label={label}
        value={fields.text}
        onInput={(text) => set({ text })}
        error={faultText(faults, ask)}
      />
      {phrases.length > 0 ? (
        <div class="wrap" role="group" aria-label={t("report.phrasesTitle")}>
          {phrases.map((phrase) => (
            <button type="button" class="phrase" key={phrase} onClick={() => add(phrase)}>
              {phrase}
            </button>
          ))}
        </div>
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
  useEffect(() => void listInspectors().then(setPeople, () => undefined), []);
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

/** A duplicate is at the same place, so issues of that place are offered and nobody has to type an id. */
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
    const query = issueQuery({ point_id: issue.point.id, limit: 50 });
    void listIssues(query).then(
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
            {[
              one.number ?? formatMoment(one.captured_at),
              faultTitle(itemOf(one.item_code)),
              t(`issue.${one.state}`),
            ].join(" \u00b7 ")}
          </option>
        ))}
      </select>
    </div>
  );
}
