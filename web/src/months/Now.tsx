import { useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { CIRCULAR_CHARS_MAX } from "../api/limits";
import { takeMonthStep } from "../api/months";
import type { Month, MonthAction } from "../api/months";
import { reachable } from "../api/request";
import { t } from "../texts";
import type { TextKey } from "../texts";
import { serverNow } from "../time/moment";
import { FailureNotice } from "../ui/Notice";
import { TextField } from "../ui/TextField";
import { Digest } from "./Digest";
import { faultAt } from "./fault";
import { me } from "./role";
import { nextStep, unanswered } from "./step";
import type { StepKind } from "./step";
import { dateText } from "./words";
import { forgetTyped, useTyped } from "../ui/useTyped";

/** Steps that are a button. */
const BUTTONS: Partial<Record<StepKind, MonthAction>> = {
  freeze: "freeze",
  preview: "preview",
  decide: "decide",
  "lock-first": "lock",
  "lock-second": "lock",
  publish: "publish",
};

/** What the office has to do in a month now, what that needs, and its one button. */
export function Now({ month, onChange }: { month: Month; onChange: () => void }) {
  const step = nextStep(month, serverNow(), me());
  const action = BUTTONS[step.kind];
  const [isBusy, setBusy] = useState(false);
  const [isChecked, setChecked] = useState(false);
  const form = `circular/${month.month}`;
  const [no, setNo] = useTyped(form, "no", "");
  const [failure, setFailure] = useState<Failure | null>(null);
  const results = month.office?.results_sha256 ?? "";
  const isLock = action === "lock";
  const isReady = action !== undefined && month.allowed_actions.includes(action);
  if (step.kind === "done") return null;

  async function take(event: Event) {
    event.preventDefault();
    if (action === undefined) return;
    setBusy(true);
    setFailure(null);
    try {
      const body = isLock ? { results_sha256: results } : action === "publish" ? { circular_no: no.trim() } : {};
      await takeMonthStep(month, action, body);
      setChecked(false);
      forgetTyped(form);
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
      // Also after a refusal: somebody else may have been faster.
      onChange();
    }
  }

  const count = unanswered(month.objections).length;
  return (
    <section class="card stack month-now no-print" aria-labelledby="now-title">
      <div class="stack-tight">
        <p class="meta">{t("months.nowTitle")}</p>
        <h2 id="now-title">{t(`next.${step.kind}`, { count })}</h2>
        {step.at === null ? null : (
          <p class={!step.isFrom && isPast(step.at) ? "text-danger" : ""}>
            {t(step.isFrom ? "months.from" : "months.by", { at: dateText(step.at) })}
            {!step.isFrom && isPast(step.at) ? t("months.isLate") : ""}
          </p>
        )}
        <p class="meta">{t(`nextHint.${step.kind}` as TextKey)}</p>
      </div>
      {isLock || step.kind === "lock-other" ? (
        <div class="stack">
          <Votes month={month} />
          <Digest label={t("months.results")} of={results} />
        </div>
      ) : null}
      {action === undefined ? null : (
        <form class="stack" onSubmit={(event) => void take(event)} noValidate>
          {isLock ? (
            <label class="tick">
              <input type="checkbox" checked={isChecked} onChange={() => setChecked(!isChecked)} />
              {t("months.haveChecked")}
            </label>
          ) : null}
          {action === "publish" ? (
            <TextField
              id="circular"
              label={t("months.circularNo")}
              value={no}
              onInput={setNo}
              max={CIRCULAR_CHARS_MAX}
              error={faultAt(failure, "/circular_no")}
            />
          ) : null}
          <div>
            <button
              type="submit"
              class="button button-primary"
              disabled={
                isBusy || !reachable.value || !isReady || (isLock && !isChecked) || (action === "publish" && !no.trim())
              }
            >
              {t(isBusy ? "months.busy" : (`take.${action}` as TextKey))}
            </button>
          </div>
          {isReady ? null : <p class="meta">{t("months.notYet")}</p>}
        </form>
      )}
      {failure && failure.fields.length === 0 ? <FailureNotice failure={failure} /> : null}
    </section>
  );
}

/** A day is past when it is over. */
const isPast = (at: string): boolean =>
  (at.length === 10 ? Date.parse(`${at}T24:00:00+08:00`) : Date.parse(at)) < serverNow();

/** Who of the two has signed. */
function Votes({ month: { office } }: { month: Month }) {
  const votes = [office?.first_vote ?? null, office?.second_vote ?? null];
  return (
    <ol class="month-votes">
      {votes.map((vote, at) => (
        <li key={at}>
          {t(at === 0 ? "months.firstPerson" : "months.secondPerson")}
          {t("punctuation.colon")}
          {vote === null ? (
            t("months.unsigned")
          ) : (
            <strong>{t(vote.by === me() ? "months.signedMe" : "months.signedOther", { at: dateText(vote.at) })}</strong>
          )}
        </li>
      ))}
    </ol>
  );
}
