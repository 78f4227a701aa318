import { useEffect, useRef, useState } from "preact/hooks";
import { decide as take } from "../api/decide";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import type { DecisionAction } from "../actions";
import type { OfficeIssue } from "../api/types";
import { ChangesSince } from "../answer/ChangesSince";
import { t } from "../texts";
import { FailureNotice, Notice } from "../ui/Notice";
import { isConflict } from "./bulk";
import { useHandMoved } from "./handMoved";
import { DecisionFields } from "./DecisionFields";
import { beginDecision, decisionBody, decisionFaults, decisionOf } from "./decisions";
import type { Ask, DecisionFields as Fields } from "./decisions";
import { unitFor } from "./responsible";

/** Delay before a form can be confirmed: longer than a double click. Source: our choice. */
const SETTLING_MS = 600;

/** The form of one decision: its effect, its fields and its button. */
export function DecisionForm({
  issue,
  action,
  onDone,
  onStale,
}: {
  issue: OfficeIssue;
  action: DecisionAction;
  onDone: (issue: OfficeIssue) => void;
  onStale: () => void;
}) {
  const [fields, setFields] = useState<Fields>(() => beginDecision(issue, undefined));
  const [faults, setFaults] = useState<Ask[]>([]);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  /** The version on the screen when somebody else changed the issue. */
  const [stale, setStale] = useState<number | null>(null);
  const { asks, isSevere } = decisionOf(action);
  /** A second click on the button of the previous case must not confirm this one. */
  const [isSettled, setSettled] = useState(false);
  const isMoved = useHandMoved();
  const [isUnseen, setUnseen] = useState(false);
  const hasChosen = useRef(false);

  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLING_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!asks.includes("unit") || fields.unitId !== "") return;
    // Finding the unit takes a call; a choice made meanwhile is kept.
    void unitFor(issue).then((unitId) => {
      if (!hasChosen.current) setFields((old) => ({ ...old, unitId }));
    });
  }, []);

  function set(change: Partial<Fields>) {
    if (change.unitId !== undefined) hasChosen.current = true;
    setFields((old) => ({ ...old, ...change }));
  }

  async function decide(event: Event) {
    event.preventDefault();
    if (!isSettled || isBusy) return;
    setUnseen(!isMoved());
    if (!isMoved()) return;
    const found = decisionFaults(action, fields, issue);
    setFaults(found);
    if (found.length > 0) return;
    setBusy(true);
    setFailure(null);
    try {
      onDone(await take(issue.id, action, issue.version, decisionBody(action, fields, issue)));
    } catch (cause) {
      const failed = asFailure(cause);
      setFailure(failed);
      if (!isConflict(failed)) return;
      // The issue is read again; what was filled in stays.
      setStale(issue.version);
      onStale();
    } finally {
      setBusy(false);
    }
  }

  return (
    <form class="stack" onSubmit={(event) => void decide(event)} noValidate>
      <Notice tone={isSevere ? "danger" : "info"}>
        <p>{t(`effect.${action}`)}</p>
      </Notice>
      {failure ? (
        <FailureNotice failure={failure} {...(isConflict(failure) ? { safe: t("office.staleHint") } : {})} />
      ) : null}
      {failure && stale !== null && isConflict(failure) ? <ChangesSince issueId={issue.id} version={stale} /> : null}
      <DecisionFields action={action} fields={fields} faults={faults} set={set} issue={issue} />
      {isUnseen ? <p role="status">{t("office.lookFirst")}</p> : null}
      <button
        type="submit"
        class={`button ${isSevere ? "button-danger" : "button-primary"}`}
        disabled={isBusy || !isSettled}
      >
        {t("office.confirm", { what: t(`do.${action}`) })}
      </button>
    </form>
  );
}
