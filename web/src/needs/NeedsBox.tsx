import { useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { NEED_NOTE_CHARS_MAX } from "../api/limits";
import { putNeeds, readIssueNeeds } from "../api/needs";
import type { IssueNeeds } from "../api/needs";
import { reachable } from "../api/request";
import { t } from "../texts";
import { FailureNotice } from "../ui/Notice";
import { TextField } from "../ui/TextField";
import { useCached } from "../ui/useCached";
import { forgetTyped, useTyped } from "../ui/useTyped";
import "./words";

const NEEDS = ["funds", "staff", "law", "other"] as const satisfies readonly IssueNeeds["needs"][number][];

/** What the unit cannot do alone with this issue 需求: noted by itself or by the office, summed by month. */
export function NeedsBox({ issueId }: { issueId: string }) {
  const needs = useCached<IssueNeeds>(`issues/${issueId}/needs`, () => readIssueNeeds(issueId));
  // Whoever may not note needs sees nothing of it; a failure is no reason to disturb the page of the issue.
  if (!needs.body) return null;
  const key = `${needs.body.needs.join(" ")} ${needs.body.note}`;
  return <Box key={key} issueId={issueId} of={needs.body} onChange={needs.reload} />;
}

function Box({ issueId, of, onChange }: { issueId: string; of: IssueNeeds; onChange: () => void }) {
  const form = `needs/${issueId}`;
  const [chosen, setChosen, wasChosen] = useTyped(form, "chosen", of.needs);
  const [note, setNote] = useTyped(form, "note", of.note);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  async function keep(event: Event) {
    event.preventDefault();
    setBusy(true);
    try {
      await putNeeds(issueId, { needs: chosen, note: note.trim() });
      forgetTyped(form);
      onChange();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
    setBusy(false);
  }
  const isSame = chosen.join() === of.needs.join() && note.trim() === of.note;
  return (
    <section class="card stack no-print" aria-labelledby="needs-title">
      <h2 id="needs-title">{t("needs.title")}</h2>
      {of.needs.length > 0 ? (
        <p>
          {of.needs.map((need) => (
            <span class="chip" key={need}>
              {t(`needs.${need}`)}
            </span>
          ))}{" "}
          <span lang="zh-CN">{of.note}</span>
        </p>
      ) : null}
      <details open={wasChosen}>
        <summary>{t(of.needs.length > 0 ? "needs.change" : "needs.add")}</summary>
        <form class="stack" onSubmit={(event) => void keep(event)}>
          <fieldset class="stack-tight">
            <legend>{t("needs.need")}</legend>
            {NEEDS.map((need) => (
              <label class="row tap" key={need}>
                <input
                  type="checkbox"
                  checked={chosen.includes(need)}
                  onChange={(event) => {
                    const isOn = event.currentTarget.checked;
                    setChosen(NEEDS.filter((one) => (one === need ? isOn : chosen.includes(one))));
                  }}
                />{" "}
                {t(`needs.${need}`)}
              </label>
            ))}
          </fieldset>
          {chosen.length > 0 ? (
            <TextField
              id="needs-note"
              label={t("needs.note")}
              rows={2}
              max={NEED_NOTE_CHARS_MAX}
              value={note}
              onInput={setNote}
            />
          ) : null}
          {failure ? <FailureNotice failure={failure} /> : null}
          <p>
            <button type="submit" class="button button-primary" disabled={isBusy || isSame || !reachable.value}>
              {t("needs.save")}
            </button>
          </p>
        </form>
      </details>
    </section>
  );
}
