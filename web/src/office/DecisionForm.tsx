import { useEffect, useRef, useState } from "preact/hooks";
import { decide as take } from "../api/decide";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import type { DecisionAction } from "../actions";
import type { OfficeIssue } from "../api/types";
import { ChangesSince } from "../answer/ChangesSince";
import { t } from "../texts";
import { FailureNotice, Notice } from "../ui/Notice";
import { isConflict } from "../ui/inTurn";
import { useHandMoved } from "./handMoved";
import { DecisionFields } from "./DecisionFields";
import { forgetDraft, keepDraft, readDraft } from "./decisionDrafts";
import { beginDecision, carriedOver, decisionBody, decisionFaults, decisionOf } from "./decisions";
import type { Ask, DecisionFields as Fields } from "./decisions";
import { Key } from "./Key";
import { actionOf } from "./keys";
import { withFieldNames } from "./refusedFields";
import { responsibleFor } from "./responsible";
import type { Suggestion } from "./responsible";

/** Delay before a form can be confirmed: longer than a double click. Source: our choice. */
export const SETTLING_MS = 600;

/** What was refused before, with the version on which it was decided. */
export interface Refused {
  action: DecisionAction;
  failure: Failure;
  version: number;
}

/** The form of one decision on one version of an issue: its effect, its fields and its button. */
export function DecisionForm({
  issue: now,
  action,
  refused,
  isSeen,
  onHold,
  onDone,
  onRefused,
}: {
  issue: OfficeIssue;
  action: DecisionAction;
  refused: Refused | null;
  /** Whether it was opened by a key, on a case that has been looked at: then it can be confirmed at once. */
  isSeen: boolean;
  /** Where the decision is held back for a while instead of being sent at once. */
  onHold: ((body: Record<string, unknown>, fields: Fields) => void) | undefined;
  onDone: (issue: OfficeIssue) => void;
  /** Where it is sent at once: somebody else has changed the issue. */
  onRefused: (refused: Refused) => void;
}) {
  // The version that it was drawn with: what is filled in is sent for that one and no other.
  const [issue] = useState(now);
  // What was filled in before this page or session ended is there again.
  const [draft] = useState(() => {
    const kept = readDraft(issue.id, action);
    return kept && (kept.version === issue.version || refused) ? kept : null;
  });
  const isOfThis = draft?.version === issue.version;
  const [fields, setFields] = useState<Fields>(() =>
    draft === null ? beginDecision(issue, undefined) : isOfThis ? draft.fields : carriedOver(draft.fields, issue),
  );
  const [faults, setFaults] = useState<Ask[]>([]);
  const [failure, setFailure] = useState<Failure | null>(refused?.failure ?? null);
  const [isBusy, setBusy] = useState(false);
  const [suggestion, setSuggestion] = useState<Suggestion | null>(null);
  const { asks, isSevere } = decisionOf(action);
  /** A second click on the button of the previous case must not confirm this one. */
  const [isSettled, setSettled] = useState(isSeen);
  const isMoved = useHandMoved();
  const [isUnseen, setUnseen] = useState(false);
  const hasChosen = useRef(isOfThis);
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    const timer = setTimeout(() => setSettled(true), SETTLING_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (!asks.includes("unit")) return;
    // Finding the unit takes a call; a choice made meanwhile is kept.
    void responsibleFor(issue).then((found) => {
      setSuggestion(found);
      if (!hasChosen.current) setFields((old) => (old.unitId === "" ? { ...old, unitId: found.unitId } : old));
    });
  }, []);

  function set(change: Partial<Fields>) {
    if (change.unitId !== undefined) hasChosen.current = true;
    const next = { ...fields, ...change };
    setFields(next);
    keepDraft(issue.id, { action, fields: next, version: issue.version });
  }

  async function decide(event: Event) {
    event.preventDefault();
    if (!isSettled || isBusy) return;
    setUnseen(!isMoved());
    if (!isMoved()) return;
    const found = decisionFaults(action, fields, issue);
    setFaults(found);
    if (found.length > 0) {
      // When the fields are drawn with their faults.
      setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid] input, [aria-invalid]")?.focus());
      return;
    }
    const body = decisionBody(action, fields, issue);
    if (onHold) {
      onHold(body, fields);
      return;
    }
    setBusy(true);
    setFailure(null);
    try {
      const next = await take(issue.id, action, issue.version, body);
      forgetDraft(issue.id);
      onDone(next);
    } catch (cause) {
      const failed = asFailure(cause);
      setFailure(failed);
      if (!isConflict(failed)) return;
      // The issue is read again, for a form that begins with what was filled in here.
      keepDraft(issue.id, { action, fields, version: issue.version });
      onRefused({ action, failure: failed, version: issue.version });
    } finally {
      setBusy(false);
    }
  }

  function onKeyDown(event: KeyboardEvent) {
    const pressed = actionOf("field", event);
    const submit = form.current?.querySelector<HTMLElement>("[type=submit]");
    const isInList = event.target instanceof HTMLSelectElement && actionOf("queue", event) === "confirm";
    if (pressed === "send") submit?.click();
    else if (pressed === "leave" || isInList) submit?.focus();
    else return;
    event.preventDefault();
  }

  return (
    <form class="stack" ref={form} onSubmit={(event) => void decide(event)} onKeyDown={onKeyDown} noValidate>
      <Notice tone={isSevere ? "danger" : "info"}>
        <p>{t(`effect.${action}`)}</p>
      </Notice>
      {failure ? (
        <FailureNotice
          failure={withFieldNames(failure)}
          {...(isConflict(failure) ? { safe: t("office.staleHint") } : {})}
        />
      ) : null}
      {refused && failure && isConflict(failure) ? <ChangesSince issueId={issue.id} version={refused.version} /> : null}
      <DecisionFields action={action} fields={fields} faults={faults} set={set} issue={issue} suggestion={suggestion} />
      {isUnseen ? <p role="status">{t("office.lookFirst")}</p> : null}
      <button
        type="submit"
        class={`button ${isSevere ? "button-danger" : "button-primary"}`}
        disabled={isBusy || !isSettled}
      >
        {t("office.confirm", { what: t(`do.${action}`) })}
        {onHold ? <Key of="Enter" /> : null}
      </button>
    </form>
  );
}
