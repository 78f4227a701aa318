import { MILESTONES_MAX, MILESTONE_CHARS_MAX } from "../api/limits";
import { t } from "../texts";
import { serverNow } from "../time/moment";
import { civilDay } from "../time/civil";
import { TextField } from "./Choices";

export interface Milestone {
  text: string;
  due: string;
}

export const noMilestone = (): Milestone => ({ text: "", due: "" });
/** The milestones that are not empty, in order of time. */
export const milestonesOf = (plan: Milestone[]): Milestone[] =>
  plan.filter((step) => step.text.trim() !== "" || step.due !== "").sort((a, b) => a.due.localeCompare(b.due));
/** Whether there is a milestone, and each has a text and a date. */
export const isPlan = (plan: Milestone[]): boolean => {
  const steps = milestonesOf(plan);
  return steps.length > 0 && steps.every((step) => step.text.trim() !== "" && step.due !== "");
};
/** The plan as the contract wants it. */
export const planBody = (plan: Milestone[]): { milestone: string; due: string }[] =>
  milestonesOf(plan).map((step) => ({ milestone: step.text.trim(), due: step.due }));

/** The steps of a plan, each with what is done by when. */
export function PlanFields({
  plan,
  onChange,
  error,
}: {
  plan: Milestone[];
  onChange: (plan: Milestone[]) => void;
  error: string | null;
}) {
  const change = (at: number, step: Partial<Milestone>) =>
    onChange(plan.map((one, index) => (index === at ? { ...one, ...step } : one)));
  return (
    <fieldset class="field stack" aria-invalid={error ? true : undefined}>
      <legend class="label">{t("unit.plan")}</legend>
      <p class="meta">{t("plan.hint")}</p>
      {plan.map((step, at) => (
        <div class="plan-step" key={at}>
          <TextField
            id={`milestone-${at}`}
            label={t("plan.what", { number: at + 1 })}
            max={MILESTONE_CHARS_MAX}
            value={step.text}
            onInput={(text) => change(at, { text })}
          />
          <TextField
            id={`milestone-due-${at}`}
            type="date"
            label={t("office.milestoneDue")}
            min={civilDay(serverNow())}
            value={step.due}
            onInput={(due) => change(at, { due })}
          />
          {plan.length > 1 ? (
            <button
              type="button"
              class="button"
              onClick={() => onChange(plan.filter((_, index) => index !== at))}
              aria-label={t("plan.remove", { number: at + 1 })}
            >
              {t("action.delete")}
            </button>
          ) : null}
        </div>
      ))}
      {plan.length < MILESTONES_MAX ? (
        <button type="button" class="button" onClick={() => onChange([...plan, noMilestone()])}>
          {t("plan.add")}
        </button>
      ) : null}
      {error ? (
        <p class="field-error" role="alert">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
