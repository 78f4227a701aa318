import { useEffect, useRef, useState } from "preact/hooks";
import { readIssue } from "../api/issues";
import { decide } from "../api/decide";
import type { DecisionAction } from "../actions";
import type { OfficeIssue } from "../api/types";
import { isReleased } from "../desk/print/sheet";
import { CHOSEN_ROWS_MAX, NOTICES_MAX } from "../desk/print/limits";
import { link } from "../router";
import { itemOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { failureText } from "../ui/failureText";
import { runInTurn } from "../ui/inTurn";
import type { Outcome } from "../ui/inTurn";
import { Notice } from "../ui/Notice";
import { bulkFaults, commonDecisions, NOT_IN_BULK, OWN_IN_BULK } from "./bulk";
import type { Result } from "./bulk";
import { DecisionFields } from "./DecisionFields";
import { beginDecision, decisionBody, decisionOf } from "./decisions";
import type { Ask, DecisionFields as Fields } from "./decisions";
import { doneCount } from "./held";
import { unitFor } from "./responsible";
import { forgetTyped, useTyped } from "../ui/useTyped";

const TONES: Record<Outcome, string> = {
  done: "tone-success",
  conflict: "tone-warn",
  failed: "tone-danger",
  skipped: "",
};

/** Decisions that can be taken on all selected rows, and the result for each. */
export function BulkBar({
  chosen,
  onIssue,
  onSelect,
  onClear,
}: {
  chosen: OfficeIssue[];
  /** Called with the present version of an issue. */
  onIssue: (issue: OfficeIssue) => void;
  /** Called with the rows that stay selected. */
  onSelect: (ids: string[]) => void;
  onClear: () => void;
}) {
  const [action, setAction] = useState<DecisionAction | null>(null);
  const [results, setResults] = useState<Result[]>([]);
  const [count, setCount] = useState(0);
  const [isRunning, setRunning] = useState(false);
  const isCancelled = useRef(false);
  useEffect(
    () => () => {
      isCancelled.current = true;
    },
    [],
  );
  const common = commonDecisions(chosen);
  const open = action !== null && common.includes(action) ? action : null;

  async function run(step: DecisionAction, fields: Fields) {
    isCancelled.current = false;
    setResults([]);
    setCount(chosen.length);
    setRunning(true);
    const all = await runInTurn(
      chosen,
      (issue) => perform(issue, step, fields),
      (result) => {
        setResults((old) => [...old, result]);
        if (result.outcome === "done") onIssue(result.issue);
      },
      () => isCancelled.current,
    );
    // Read again what others have changed, so that it can be checked and tried again.
    for (const { issue } of all.filter((result) => result.outcome === "conflict")) {
      await readIssue(issue.id).then(
        (now) => onIssue(now as OfficeIssue),
        () => undefined,
      );
    }
    // What is counted beside the list has changed.
    doneCount.value += all.filter((result) => result.outcome === "done").length;
    onSelect(all.filter((result) => result.outcome !== "done").map((result) => result.issue.id));
    setRunning(false);
    setAction(null);
  }

  if (chosen.length === 0 && results.length === 0) return null;
  return (
    <section class="card card-tight stack bulk" aria-label={t("bulk.title")}>
      {chosen.length > 0 && !isRunning ? (
        <div class="wrap">
          <strong role="status">{t("bulk.chosen", { count: chosen.length })}</strong>
          {common.map((one) => (
            <button
              type="button"
              class="button"
              key={one}
              aria-pressed={one === open}
              onClick={() => {
                setAction(one === open ? null : one);
                setResults([]);
              }}
            >
              {t(`do.${one}`)}
            </button>
          ))}
          <PaperLinks chosen={chosen} />
          {common.length === 0 ? <span class="meta">{t("bulk.nothingCommon")}</span> : null}
          <button
            type="button"
            class="button"
            onClick={() => {
              setResults([]);
              onClear();
            }}
          >
            {t("bulk.clear")}
          </button>
        </div>
      ) : null}
      {open && !isRunning ? (
        <BulkForm
          key={open}
          action={open}
          chosen={chosen}
          onSubmit={(fields) => void run(open, fields)}
          onCancel={() => setAction(null)}
        />
      ) : null}
      {isRunning ? (
        <div class="stack-tight" role="status">
          <p>{t("bulk.progress", { at: results.length, count })}</p>
          <progress max={count} value={results.length} aria-label={t("bulk.title")} />
          <button
            type="button"
            class="button"
            onClick={() => {
              isCancelled.current = true;
            }}
          >
            {t("bulk.stop")}
          </button>
        </div>
      ) : null}
      {results.length > 0 && !open ? (
        <Results results={results} isRunning={isRunning} onClose={() => setResults([])} />
      ) : null}
    </section>
  );
}

/** Paper about what is chosen. */
function PaperLinks({ chosen }: { chosen: OfficeIssue[] }) {
  const ids = chosen.filter(isReleased).map((issue) => issue.id);
  if (ids.length === 0) return null;
  return (
    <>
      {ids.length <= NOTICES_MAX ? (
        <a class="button" href={link("issue", ids.join(), "print")}>
          {t("unit.print")}
        </a>
      ) : null}
      {ids.length <= CHOSEN_ROWS_MAX ? (
        <a class="button" href={`${link("issues", "print")}?ids=${ids.join()}`}>
          {t("print.meetingShort")}
        </a>
      ) : null}
    </>
  );
}

/** The decision on one of them, with its own unit and severity if none was chosen for all. */
async function perform(issue: OfficeIssue, action: DecisionAction, fields: Fields): Promise<OfficeIssue> {
  const asksUnit = decisionOf(action).asks.includes("unit");
  const own: Fields = {
    ...fields,
    severity: issue.severity,
    unitId: fields.unitId || (asksUnit ? await unitFor(issue) : ""),
  };
  return decide(issue.id, action, issue.version, decisionBody(action, own, issue));
}

function BulkForm({
  action,
  chosen,
  onSubmit,
  onCancel,
}: {
  action: DecisionAction;
  chosen: OfficeIssue[];
  onSubmit: (fields: Fields) => void;
  onCancel: () => void;
}) {
  // What was written for many is there again when they are chosen again.
  const form = `bulk/${action}`;
  const [fields, setFields] = useTyped<Fields>(form, "fields", {
    ...beginDecision(chosen[0] as OfficeIssue, undefined),
    unitId: "",
  });
  const [faults, setFaults] = useState<Ask[]>([]);
  const { asks, isSevere } = decisionOf(action);
  function submit(event: Event) {
    event.preventDefault();
    const found = bulkFaults(action, fields);
    setFaults(found);
    if (found.length > 0) return;
    forgetTyped(form);
    onSubmit(fields);
  }
  return (
    <form class="stack bulk-form" onSubmit={submit} noValidate>
      <Notice tone={isSevere ? "danger" : "info"}>
        <p>{t(`effect.${action}`)}</p>
        <p>{t("bulk.sameForAll", { count: chosen.length })}</p>
      </Notice>
      <DecisionFields
        action={action}
        fields={fields}
        faults={faults}
        set={(change) => setFields({ ...fields, ...change })}
        issue={null}
      />
      {asks.some((ask) => NOT_IN_BULK.includes(ask)) ? <p class="meta">{t("bulk.oneByOne")}</p> : null}
      {asks.includes("unit") && fields.unitId !== "" && OWN_IN_BULK.includes("unit") ? (
        <p class="text-warn">{t("bulk.oneUnit", { count: chosen.length })}</p>
      ) : null}
      <div class="wrap">
        <button type="submit" class={`button ${isSevere ? "button-danger" : "button-primary"}`}>
          {t("bulk.confirm", { count: chosen.length, what: t(`do.${action}`) })}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            forgetTyped(form);
            onCancel();
          }}
        >
          {t("action.cancel")}
        </button>
      </div>
    </form>
  );
}

function Results({ results, isRunning, onClose }: { results: Result[]; isRunning: boolean; onClose: () => void }) {
  const of = (outcome: Outcome) => results.filter((result) => result.outcome === outcome).length;
  const left = results.filter((result) => result.outcome !== "done");
  return (
    <div class="stack-tight">
      {isRunning ? null : (
        <div class="row-spread">
          <p role="status">
            <strong>{t("bulk.sum", { done: of("done"), count: results.length })}</strong>
            {left.length > 0 ? ` ${t("bulk.left", { count: left.length })}` : ""}
          </p>
          <button type="button" class="button" onClick={onClose}>
            {t("action.close")}
          </button>
        </div>
      )}
      <ul class="bulk-results" aria-label={t("bulk.results")}>
        {[...left, ...results.filter((result) => result.outcome === "done")].map(({ issue, outcome, failure }) => (
          <li key={issue.id}>
            <span class={`chip ${TONES[outcome]}`}>{t(`bulk.${outcome}`)}</span>{" "}
            <a href={link("issue", issue.id)} lang="zh-CN">
              {issue.point.name}
            </a>{" "}
            <span class="caption">
              {faultTitle(itemOf(issue.item_code)) || issue.item_code} {"\u00b7"} {t(`issue.${issue.state}`)}
            </span>
            {failure ? (
              <span class="meta">
                {" "}
                {"\u00b7"} {failureText(failure)}
                {failure.fields.map((field) => ` ${t(`field.${field.code}`)}`).join("")}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
