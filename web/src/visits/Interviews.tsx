import { useState } from "preact/hooks";
import { INTERVIEWS_MAX, INTERVIEW_ANSWERS_MAX } from "../api/limits";
import type { Interview, Schemas } from "../api/types";
import { keysOf } from "../keysOf";
import { t } from "../texts";
import { Choices } from "../ui/Choices";
import { Icon } from "../ui/Icon";

const AGES: Record<Schemas["AgeBand"], true> = { "18-34": true, "35-59": true, "60-plus": true };
/** Most forms ask as many questions. Source: our choice. */
const ANSWERS_FIRST = 5;

/** Street interviews 应知应会: anonymous, of a person nothing but the age, roughly. */
export function Interviews({ value, onChange }: { value: Interview[]; onChange: (value: Interview[]) => void }) {
  const [age, setAge] = useState<Schemas["AgeBand"] | null>(null);
  const last = value[value.length - 1]?.answered ?? ANSWERS_FIRST;
  const [answered, setAnswered] = useState(last);
  const [right, setRight] = useState(last);
  function add() {
    if (age === null) return;
    onChange([...value, { age_band: age, answered, right }]);
    setAge(null);
    setRight(answered);
  }
  return (
    <details class="card card-tight">
      <summary>
        {t("visit.interviews")}
        {value.length > 0 ? ` · ${t("visit.interviewed", { count: value.length })}` : ""}
      </summary>
      <div class="stack">
        <p class="meta">{t("visit.interviewsHint")}</p>
        {value.length > 0 ? (
          <ul class="list">
            {value.map((one, at) => (
              <li class="row" key={at}>
                <span class="list-row grow">
                  {t(`visit.age.${one.age_band}`)} · {t("visit.answers", { answered: one.answered, right: one.right })}
                </span>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={t("visit.interviewRemove", { number: at + 1 })}
                  onClick={() => onChange(value.filter((_, other) => other !== at))}
                >
                  <Icon name="close" />
                </button>
              </li>
            ))}
          </ul>
        ) : null}
        {value.length < INTERVIEWS_MAX ? (
          <>
            <Choices
              name="age"
              legend={t("visit.age")}
              layout="choices-3"
              value={age}
              options={keysOf(AGES).map((band) => ({ value: band, label: t(`visit.age.${band}`) }))}
              onChange={setAge}
            />
            <Stepper
              label={t("visit.answered")}
              value={answered}
              min={1}
              max={INTERVIEW_ANSWERS_MAX}
              onChange={(next) => {
                setAnswered(next);
                setRight((now) => (now === answered ? next : Math.min(now, next)));
              }}
            />
            <Stepper label={t("visit.right")} value={right} min={0} max={answered} onChange={setRight} />
            <button type="button" class="button button-wide" disabled={age === null} onClick={add}>
              {t("visit.interviewAdd")}
            </button>
          </>
        ) : null}
      </div>
    </details>
  );
}

/** A number between two large buttons. */
function Stepper({
  label,
  value,
  min,
  max,
  onChange,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  onChange: (value: number) => void;
}) {
  return (
    <div class="row-spread" role="group" aria-label={label}>
      <span class="grow label">{label}</span>
      <span class="row visit-stepper">
        <button
          type="button"
          class="button"
          aria-label={t("visit.fewer", { what: label })}
          disabled={value <= min}
          onClick={() => onChange(value - 1)}
        >
          −
        </button>
        <output aria-live="polite">{value}</output>
        <button
          type="button"
          class="button"
          aria-label={t("visit.more", { what: label })}
          disabled={value >= max}
          onClick={() => onChange(value + 1)}
        >
          +
        </button>
      </span>
    </div>
  );
}
