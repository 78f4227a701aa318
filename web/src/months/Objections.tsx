import { useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { REASON_CHARS_MAX } from "../api/limits";
import { takeMonthStep } from "../api/months";
import type { Month, Objection } from "../api/months";
import { reachable } from "../api/request";
import { link } from "../router";
import { unitOf } from "../session/reference";
import { t } from "../texts";
import { FailureNotice } from "../ui/Notice";
import { TextField } from "../ui/TextField";
import { faultAt } from "./fault";
import { isOffice, rowLink } from "./role";
import { unanswered } from "./step";
import { forgetTyped, useTyped } from "../ui/useTyped";

/** The objections of a month; what waits for an answer comes first. */
export function Objections({ month, onChange }: { month: Month; onChange: () => void }) {
  const open = unanswered(month.objections);
  const all = [...open, ...month.objections.filter((one) => !open.includes(one))];
  return (
    <section class="card stack" aria-labelledby="objections-title">
      <h2 id="objections-title">
        {t("objection.title")}{" "}
        <span class="meta">{t("objection.counts", { count: all.length, open: open.length })}</span>
      </h2>
      <ul class="month-list">
        {all.map((one) => (
          <li key={one.id}>
            <OneObjection month={month} of={one} onChange={onChange} />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function ObjectionState({ of }: { of: Objection }) {
  if (of.is_upheld === null) return <span class="chip tone-warn">{t("objection.open")}</span>;
  return of.is_upheld ? (
    <span class="chip tone-success">{t("objection.upheld")}</span>
  ) : (
    <span class="chip">{t("objection.rejected")}</span>
  );
}

function OneObjection({ month, of, onChange }: { month: Month; of: Objection; onChange: () => void }) {
  const to = of.row === null ? null : rowLink(of.row);
  const about =
    of.row === null
      ? t("objection.wholeScore")
      : of.row.name || t("objection.row", { kind: t(`rowKind.${of.row.kind}`) });
  return (
    <div class="stack-tight">
      <p class="wrap">
        {isOffice() ? (
          <a class="list-title" lang="zh-CN" href={link("months", month.month, "unit", of.unit_id)}>
            {unitOf(of.unit_id)?.name ?? t("months.unitUnknown")}
          </a>
        ) : null}
        <span>{to === null ? about : <a href={to}>{about}</a>}</span>
        <ObjectionState of={of} />
      </p>
      <p lang="zh-CN">{of.reason}</p>
      {of.answer === null ? null : (
        <p>
          <span class="meta">{t("objection.answer")}</span> <span lang="zh-CN">{of.answer}</span>
        </p>
      )}
      {of.is_upheld === null && month.allowed_actions.includes("answer") ? (
        <AnswerForm month={month} of={of} onChange={onChange} />
      ) : null}
    </div>
  );
}

function AnswerForm({ month, of, onChange }: { month: Month; of: Objection; onChange: () => void }) {
  const form = `answer/${of.id}`;
  const [isUpheld, setUpheld] = useTyped<boolean | null>(form, "upheld", null);
  const [reason, setReason, wasTyped] = useTyped(form, "reason", "");
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  async function save(event: Event) {
    event.preventDefault();
    if (isUpheld === null) return;
    setBusy(true);
    setFailure(null);
    try {
      await takeMonthStep(month, "answer", { objection_id: of.id, is_upheld: isUpheld, reason: reason.trim() });
      forgetTyped(form);
      onChange();
    } catch (cause) {
      const refused = asFailure(cause);
      setFailure(refused);
      if (refused.code === "stale-version") onChange();
    } finally {
      setBusy(false);
    }
  }
  return (
    <details class="no-print" open={wasTyped}>
      <summary>{t("objection.doAnswer")}</summary>
      <form class="stack" onSubmit={(event) => void save(event)} noValidate>
        <fieldset class="wrap month-choice">
          <legend class="visually-hidden">{t("objection.verdict")}</legend>
          {([true, false] as const).map((value) => (
            <label class="choice" key={String(value)}>
              <input
                type="radio"
                name={`upheld-${of.id}`}
                checked={isUpheld === value}
                onChange={() => setUpheld(value)}
              />
              <span>{t(value ? "objection.upheld" : "objection.rejected")}</span>
            </label>
          ))}
        </fieldset>
        {isUpheld ? <p class="text-warn">{t("objection.correctFirst")}</p> : null}
        <TextField
          id={`answer-${of.id}`}
          label={t("objection.why")}
          rows={3}
          max={REASON_CHARS_MAX}
          value={reason}
          onInput={setReason}
          error={faultAt(failure, "/reason")}
        />
        {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
        <div>
          <button
            type="submit"
            class="button button-primary"
            disabled={isBusy || !reachable.value || isUpheld === null || reason.trim() === ""}
          >
            {t(isBusy ? "months.busy" : "objection.sendAnswer")}
          </button>
        </div>
      </form>
    </details>
  );
}
