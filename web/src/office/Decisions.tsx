import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { DecisionAction } from "../actions";
import type { Action, OfficeIssue } from "../api/types";
import { ChangesSince } from "../answer/ChangesSince";
import { session } from "../session/session";
import { t } from "../texts";
import { isWide } from "../ui/isWide";
import { FailureNotice, Notice } from "../ui/Notice";
import { DecisionForm, SETTLING_MS } from "./DecisionForm";
import type { Refused } from "./DecisionForm";
import { forgetDraft, keepDraft, readDraft } from "./decisionDrafts";
import { carriedOver, decisionOf, isDecision } from "./decisions";
import type { DecisionFields } from "./decisions";
import { dismiss, held, isPending } from "./held";
import { failureOfHeld } from "./heldStore";
import { Key } from "./Key";
import { actionOf, isOnControl, isTyping, numberOf } from "./keys";
import { withFieldNames } from "./refusedFields";
import { whyNot } from "./whyNot";

export interface DecisionsProps {
  issue: OfficeIssue;
  /** The decision that is offered first. */
  first: Action | null;
  /** What was refused when it was sent from here at once. */
  refused: Refused | null;
  onRefused: (refused: Refused) => void;
  /** Called when somebody begins to fill in a form, or chooses one. */
  onBegin: (seen: OfficeIssue) => void;
  onDone: (issue: OfficeIssue, words: string) => void;
  /** In a queue: decisions are held back for a moment, and have keys. */
  onHold?:
    | ((issue: OfficeIssue, action: DecisionAction, body: Record<string, unknown>, fields: DecisionFields) => void)
    | undefined;
}

/**
 * The decisions that the service allows on this version, with that of the queue opened first. One form is open at a
 * time.
 */
export function Decisions({ issue, first, refused: sent, onRefused, onBegin, onDone, onHold }: DecisionsProps) {
  const allowed = issue.allowed_actions.filter(isDecision);
  const [draft, setDraft] = useState(() => readDraft(issue.id));
  const mine = held.value.filter((one) => one.issueId === issue.id);
  const turnedDown = mine.find((one) => one.refusal !== null);
  const failure = turnedDown && failureOfHeld(turnedDown);
  const refused: Refused | null =
    turnedDown && failure ? { failure, version: turnedDown.version, action: turnedDown.action } : sent;
  // What was filled in for another version is offered, and not begun with: only its person can say whether it fits.
  const isStale = draft !== null && draft.version !== issue.version && draft.action !== refused?.action;
  const [chosen, setChosen] = useState<Action | null>((isStale ? null : draft?.action) ?? refused?.action ?? first);
  /** How often a form was begun anew with what is kept. */
  const [renewals, setRenewals] = useState(0);
  const form = useRef<HTMLElement>(null);
  const drawnAt = useRef(Date.now());
  const isSeen = useRef(false);
  const open = allowed.find((action) => action === chosen) ?? null;
  const choose = (action: Action, byKey = false) => {
    onBegin(issue);
    isSeen.current = byKey && Date.now() - drawnAt.current > SETTLING_MS;
    setChosen(action);
    // Where the form stands under the evidence it comes to the top; beside it, it is in sight.
    const isBeside = isWide("1280px");
    form.current?.scrollIntoView({ block: isBeside ? "nearest" : "start" });
  };

  useLayoutEffect(() => {
    if (!onHold) return;
    function onKey(event: KeyboardEvent) {
      if (isTyping(event)) return;
      const pressed = actionOf("queue", event);
      const decision = pressed === "decide" && !event.repeat ? allowed[numberOf(event)] : undefined;
      if (decision) {
        choose(decision, true);
        // When its form is drawn: the first field that has to be filled in.
        const asks = decisionOf(decision).asks;
        if (asks.includes("reason") || asks.includes("inspector") || asks.includes("granted"))
          setTimeout(() => firstField(form.current)?.focus());
      } else if (pressed === "unit") form.current?.querySelector<HTMLElement>("#decide-unit")?.focus();
      else if (pressed === "confirm" && !event.repeat && !isOnControl(event))
        form.current?.querySelector<HTMLElement>("[type=submit]")?.click();
      else return;
      event.preventDefault();
    }
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });

  if (mine.some(isPending)) return <p class="meta">{t("held.here")}</p>;
  const me = session.value?.user.id ?? "";
  const reason = first === null ? null : whyNot(issue, first, me);
  return (
    <>
      {reason ? (
        <Notice tone="warn">
          <p>{t(reason)}</p>
        </Notice>
      ) : null}
      {/* Not possible any more: what was filled in is not lost, and can be read here. */}
      {turnedDown && failure && open !== turnedDown.action ? (
        <div class="stack">
          <FailureNotice failure={withFieldNames(failure)} />
          <ChangesSince issueId={issue.id} version={turnedDown.version} />
          <p class="meta">{t("held.was", { what: t(`do.${turnedDown.action}`) })}</p>
          {turnedDown.fields?.text ? <p class="quote">{turnedDown.fields.text}</p> : null}
          <button type="button" class="button" onClick={() => dismiss(turnedDown.id)}>
            {t("held.dismiss")}
          </button>
        </div>
      ) : null}
      {isStale && !refused && draft.version < issue.version ? (
        <ChangesSince issueId={issue.id} version={draft.version} />
      ) : null}
      {draft?.fields.text && !refused && (isStale || !allowed.includes(draft.action)) ? (
        <div class="stack">
          <p class="meta">{t("held.was", { what: t(`do.${draft.action}`) })}</p>
          <p class="quote">{draft.fields.text}</p>
          <p class="wrap">
            {allowed.includes(draft.action) ? (
              <button
                type="button"
                class="button"
                onClick={() => {
                  const { action, fields } = draft;
                  keepDraft(issue.id, { action, fields: carriedOver(fields, issue), version: issue.version });
                  setDraft(null);
                  setRenewals(renewals + 1);
                  choose(action);
                }}
              >
                {t("held.useText")}
              </button>
            ) : null}
            <button
              type="button"
              class="button"
              onClick={() => {
                forgetDraft(issue.id);
                setDraft(null);
              }}
            >
              {t("held.dismiss")}
            </button>
          </p>
        </div>
      ) : null}
      {allowed.length === 0 ? (
        reason ? null : (
          <p class="meta">{t("office.nothingToDecide")}</p>
        )
      ) : (
        <>
          <div class="decision-bar wrap" role="group" aria-label={t("office.decide")}>
            {allowed.map((action, at) => (
              <button
                type="button"
                class="button"
                key={action}
                aria-pressed={action === open}
                aria-keyshortcuts={onHold ? String(at + 1) : undefined}
                onClick={() => choose(action)}
              >
                {onHold ? <Key of={String(at + 1)} /> : null}
                {t(`do.${action}`)}
              </button>
            ))}
          </div>
          <section class="card decision" aria-label={t("office.decide")} ref={form} onInput={() => onBegin(issue)}>
            {open ? (
              <DecisionForm
                key={`${open} ${renewals}`}
                issue={issue}
                action={open}
                refused={refused?.action === open ? refused : null}
                isSeen={isSeen.current}
                onRefused={onRefused}
                onHold={onHold && ((body, fields) => onHold(issue, open, body, fields))}
                onDone={(next) => onDone(next, t("office.done", { name: issue.point.name, what: t(`do.${open}`) }))}
              />
            ) : (
              <p class="meta">{t("office.chooseStep")}</p>
            )}
          </section>
        </>
      )}
    </>
  );
}

const firstField = (form: HTMLElement | null): HTMLElement | null | undefined =>
  form?.querySelector<HTMLElement>("input[type=radio], textarea, select");
