import type { ComponentType } from "preact";
import { NAME_CHARS_MAX } from "../api/limits";
import type { InspectorIssue, Remedy, UnitIssue } from "../api/types";
import { ItemPicker } from "../inspector/ItemPicker";
import { keysOf } from "../keysOf";
import { itemOf, placeOf, reference } from "../session/reference";
import { SEVERITIES } from "../severities";
import type { AnswerFields } from "../store/records";
import { t } from "../texts";
import { formatDeadline, serverNow } from "../time/moment";
import { fromLocalInput, toLocalInput } from "../time/civil";
import { Choices, TextField } from "../ui/Choices";
import { noMilestone, PlanFields } from "../ui/PlanFields";
import { longestUntil, untilFrom } from "./forms";
import type { AnswerFault, Ask } from "./forms";

const REMEDIES: Record<Remedy, true> = { quick: true, timed: true, project: true };

interface Props {
  fields: AnswerFields;
  set: (change: Partial<AnswerFields>) => void;
  /** What is said about a fault, if it is one now. */
  fault: (name: AnswerFault) => string | null;
  issue: InspectorIssue | UnitIssue;
  /** Whether the item does not fit the place. */
  isMisfit: boolean;
}

/** The longest extension as it is known before it is asked for: it is what an empty field asks for, too. */
const untilHint = (issue: Props["issue"]): string => {
  const longest = longestUntil(issue);
  return longest ? t("answer.untilMost", { at: formatDeadline(longest) }) : t("answer.untilHint");
};
const mostOf = (longest: string | null) => (longest ? { latest: toLocalInput(longest) } : {});

/** Draws one field of a form. */
export function AnswerField({ ask, ...props }: Props & { ask: Ask }) {
  const Field = FIELDS[ask];
  return <Field {...props} />;
}

const FIELDS: Record<Ask, ComponentType<Props>> = {
  held: ({ fields, set, fault }) => (
    <Choices
      name="held"
      legend={t("answer.held")}
      layout="choices-even"
      value={fields.held === null ? null : fields.held ? "yes" : "no"}
      error={fault("held")}
      onChange={(value) => set({ held: value === "yes" })}
      options={[
        { value: "yes", label: t("answer.heldYes") },
        { value: "no", label: t("answer.heldNo") },
      ]}
    />
  ),
  item: ({ fields, set, issue, isMisfit }) => (
    <ItemPicker
      place={placeOf(issue.point.id)}
      value={itemOf(fields.itemCode)}
      onChoose={(next) => set({ itemCode: next.code })}
      error={isMisfit ? t("report.fault.misfit") : null}
    />
  ),
  severity: ({ fields, set }) => (
    <Choices
      name="severity"
      legend={t("severity.title")}
      layout="choices-even"
      value={fields.severity}
      onChange={(severity) => set({ severity })}
      options={SEVERITIES.map((value) => ({ value, label: t(`severity.${value}`) }))}
    />
  ),
  "on-site": ({ fields, set }) => (
    <>
      <Choices
        name="on-site"
        legend={t("answer.onSite")}
        layout="choices-even"
        value={fields.onSite ? "yes" : "no"}
        onChange={(value) => set({ onSite: value === "yes" })}
        options={[
          { value: "yes", label: t("answer.onSiteYes") },
          { value: "no", label: t("answer.onSiteNo") },
        ]}
      />
      {fields.onSite ? null : <p class="meta">{t("answer.deskHint")}</p>}
    </>
  ),
  remedy: ({ fields, set, fault }) => (
    <Choices
      name="remedy"
      legend={t("remedy.title")}
      layout="choices-even"
      value={fields.remedy}
      error={fault("remedy")}
      onChange={(remedy) => set({ remedy })}
      options={keysOf(REMEDIES).map((value) => ({ value, label: t(`remedy.${value}`) }))}
    />
  ),
  handler: ({ fields, set }) => (
    <TextField
      id="handler"
      label={t("answer.handler")}
      hint={t("answer.handlerHint")}
      max={NAME_CHARS_MAX}
      value={fields.handler}
      onInput={(handler) => set({ handler })}
      autocomplete="name"
    />
  ),
  unit: ({ fields, set, issue }) => (
    <div class="field">
      <label class="label" for="unit">
        {t("answer.proposedUnit")}
      </label>
      <select
        id="unit"
        value={fields.unitId ?? ""}
        onChange={(event) => set({ unitId: event.currentTarget.value || null })}
      >
        <option value="">{t("answer.noProposal")}</option>
        {(reference.value?.units ?? [])
          .filter((unit) => unit.active && unit.id !== issue.unit_id)
          .map((unit) => (
            <option key={unit.id} lang="zh-CN" value={unit.id}>
              {unit.name}
            </option>
          ))}
      </select>
    </div>
  ),
  until: ({ fields, set, fault, issue }) => (
    <TextField
      id="until"
      type="datetime-local"
      label={t("answer.until")}
      hint={untilHint(issue)}
      min={toLocalInput(untilFrom(issue.due_at, serverNow()) + 60_000)}
      {...mostOf(longestUntil(issue))}
      error={fault("until") ?? fault("until-late")}
      value={fields.until ? toLocalInput(fields.until) : ""}
      onInput={(value) => set({ until: value ? fromLocalInput(value) : null })}
    />
  ),
  plan: ({ fields, set, fault }) => (
    <PlanFields plan={fields.plan ?? [noMilestone()]} onChange={(plan) => set({ plan })} error={fault("plan")} />
  ),
};
