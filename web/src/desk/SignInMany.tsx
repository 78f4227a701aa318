import { useEffect, useRef, useState } from "preact/hooks";
import { availableActions } from "../answer/mainAction";
import { decide } from "../api/decide";
import { readIssue } from "../api/issues";
import { NAME_CHARS_MAX } from "../api/limits";
import { reachable } from "../api/request";
import type { Issue, UnitIssue } from "../api/types";
import { link } from "../router";
import { itemOf } from "../session/reference";
import { faultTitle, t } from "../texts";
import { failureText } from "../ui/failureText";
import { runInTurn } from "../ui/inTurn";
import type { Outcome, Result } from "../ui/inTurn";
import { TextField } from "../ui/TextField";
import { keep, readKept } from "./kept";
import { NOTICES_MAX } from "./print/limits";

const TONES: Record<Outcome, string> = {
  done: "tone-success",
  conflict: "tone-warn",
  failed: "tone-danger",
  skipped: "",
};
const canSignIn = (issue: UnitIssue): boolean => availableActions(issue).includes("sign-in");

/** Signing in for many at once, each by a request of its own, and what became of each. */
export function SignInMany({
  chosen,
  onIssue,
  onChoose,
  onEnd,
}: {
  chosen: UnitIssue[];
  /** Called with the present version of an issue. */
  onIssue: (issue: UnitIssue) => void;
  /** Called with what stays chosen. */
  onChoose: (ids: string[]) => void;
  onEnd: () => void;
}) {
  // Who handles many is often the same person the next day.
  const [handler, setHandler] = useState(() => readKept("handler") ?? "");
  const [results, setResults] = useState<Result<UnitIssue>[]>([]);
  const [count, setCount] = useState(0);
  const [isRunning, setRunning] = useState(false);
  const isCancelled = useRef(false);
  useEffect(
    () => () => {
      isCancelled.current = true;
    },
    [],
  );
  const ready = chosen.filter(canSignIn);
  const ids = chosen.map((issue) => issue.id);

  async function run() {
    isCancelled.current = false;
    setResults([]);
    setCount(ready.length);
    setRunning(true);
    const named = handler.trim();
    const all = await runInTurn<UnitIssue>(
      ready,
      async (issue) =>
        (await decide(issue.id, "sign-in", issue.version, named ? { handler: named } : {})) as Issue as UnitIssue,
      (result) => {
        setResults((old) => [...old, result]);
        if (result.outcome === "done") onIssue(result.issue);
      },
      () => isCancelled.current,
    );
    // Read again what others have changed, so that the row says how it stands now.
    for (const { issue } of all.filter((result) => result.outcome === "conflict"))
      await readIssue(issue.id).then(
        (now) => onIssue(now as UnitIssue),
        () => undefined,
      );
    onChoose(all.filter((result) => result.outcome !== "done").map((result) => result.issue.id));
    setRunning(false);
    if (all.some((result) => result.outcome === "done")) onEnd();
  }

  if (chosen.length === 0 && results.length === 0) return null;
  return (
    <section class="card card-tight stack" aria-label={t("unitDesk.many")}>
      {chosen.length > 0 && !isRunning ? (
        <>
          <p>
            <strong role="status">{t("unitDesk.chosen", { count: chosen.length })}</strong>{" "}
            <span class="meta">
              {ready.length === chosen.length ? "" : t("unitDesk.toSign", { count: ready.length })}
            </span>
          </p>
          {ready.length > 0 ? (
            <TextField
              id="desk-handler"
              label={t("answer.handler")}
              hint={t("unitDesk.handlerHint")}
              max={NAME_CHARS_MAX}
              value={handler}
              onInput={(name) => {
                setHandler(name);
                keep("handler", name);
              }}
            />
          ) : null}
          <div class="wrap">
            {ready.length > 0 ? (
              <button type="button" class="button button-primary" onClick={() => void run()}>
                {t("unitDesk.signMany", { count: ready.length })}
              </button>
            ) : null}
            {ids.length > 0 && ids.length <= NOTICES_MAX ? (
              <a class="button" href={link("issue", ids.join(), "print")}>
                {t("unit.print")}
              </a>
            ) : null}
            <button
              type="button"
              class="button"
              onClick={() => {
                setResults([]);
                onChoose([]);
              }}
            >
              {t("unitDesk.unchoose")}
            </button>
          </div>
          {ready.length > 0 ? (
            <p class="meta">{t(reachable.value ? "unitDesk.signHint" : "unitDesk.offline")}</p>
          ) : null}
        </>
      ) : null}
      {isRunning ? (
        <div class="stack-tight" role="status">
          <p>{t("unitDesk.progress", { at: results.length, count })}</p>
          <progress max={count} value={results.length} aria-label={t("unitDesk.many")} />
          <button
            type="button"
            class="button"
            onClick={() => {
              isCancelled.current = true;
            }}
          >
            {t("unitDesk.stop")}
          </button>
        </div>
      ) : null}
      {results.length > 0 ? <Results results={results} isRunning={isRunning} onClose={() => setResults([])} /> : null}
    </section>
  );
}

function Results({
  results,
  isRunning,
  onClose,
}: {
  results: Result<UnitIssue>[];
  isRunning: boolean;
  onClose: () => void;
}) {
  const done = results.filter((result) => result.outcome === "done");
  const left = results.filter((result) => result.outcome !== "done");
  return (
    <div class="stack-tight">
      {isRunning ? null : (
        <div class="row-spread">
          <p role="status">
            <strong>{t("unitDesk.sum", { done: done.length, count: results.length })}</strong>
            {left.length > 0 ? ` ${t("unitDesk.left", { count: left.length })}` : ""}
          </p>
          <button type="button" class="button" onClick={onClose}>
            {t("action.close")}
          </button>
        </div>
      )}
      <ul class="desk-results" aria-label={t("unitDesk.results")}>
        {[...left, ...done].map(({ issue, outcome, failure }) => (
          <li key={issue.id}>
            <span class={`chip ${TONES[outcome]}`}>{t(`unitDesk.${outcome}`)}</span>{" "}
            <a class="tap" href={link("issue", issue.id)} lang="zh-CN">
              {issue.point.name}
            </a>{" "}
            <span class="caption">
              {issue.number} {faultTitle(itemOf(issue.item_code)) || issue.item_code}
            </span>
            {failure ? <span class="meta">{` ${failureText(failure)}`}</span> : null}
          </li>
        ))}
      </ul>
    </div>
  );
}
