import { readIssue } from "../api/issues";
import type { Issue, UnitIssue } from "../api/types";
import { t } from "../texts";
import { formatDeadline, formatMoment } from "../time/moment";
import { PhotoGrid } from "../ui/PhotoGrid";
import { useCached } from "../ui/useCached";
import { ExtensionSteps } from "./ExtensionSteps";
import { isPhrased } from "./phraseList";
import { PhraseBar } from "./PhraseBar";
import { PlaceMap } from "./PlaceMap";
import "../texts/withForms";

/** Shown beside an issue or one of its forms on a wide screen: the evidence, the place, what was asked for. */
export function IssueAside({ id, action }: { id: string; action: string | undefined }) {
  const { body } = useCached<Issue>(`issue/${id}`, () => readIssue(id));
  if (!body) return null;
  const issue = body as UnitIssue;
  if (action === undefined)
    return (
      <aside class="aside stack no-print" aria-label={t("unitDesk.beside")}>
        <PlaceMap point={issue.point} />
        <Requests issue={issue} />
      </aside>
    );
  const found = issue.photos.filter(({ stage }) => stage === "found");
  const fix = issue.photos.filter(({ stage }) => stage === "fix");
  return (
    <aside class="aside stack no-print" aria-label={t("unitDesk.beside")}>
      {action === "request-extension" && issue.due_at ? (
        <ExtensionSteps due={issue.due_at} longest={issue.extension_until_max} />
      ) : null}
      {isPhrased(action) ? <PhraseBar key={action} action={action} /> : null}
      <section class="stack">
        <h2>{t("unitDesk.found")}</h2>
        {issue.description ? <p lang="zh-CN">{issue.description}</p> : null}
        <PhotoGrid photos={found} />
      </section>
      {fix.length > 0 ? (
        <section class="stack">
          <h2>{t("unitDesk.fix")}</h2>
          <PhotoGrid photos={fix} />
        </section>
      ) : null}
    </aside>
  );
}

/** What the unit has asked for, with its proof and what became of it, the latest first. */
function Requests({ issue }: { issue: UnitIssue }) {
  if (issue.requests.length === 0) return null;
  const proof = issue.photos.filter(({ stage }) => stage === "request");
  return (
    <section class="stack">
      <h2>{t("unitDesk.requests")}</h2>
      <ul class="stack">
        {[...issue.requests].reverse().map((request) => (
          <li class="card card-tight stack-tight" key={request.id}>
            <p>
              <strong>{t(`request.${request.kind}`)}</strong>{" "}
              <span class={`chip ${request.state === "pending" ? "tone-violet" : ""}`}>
                {t(`unitDesk.request.${request.state}`)}
              </span>
            </p>
            <p class="meta">
              {formatMoment(request.filed_at)}
              {request.until
                ? `${t("punctuation.dot")}${t("unitDesk.until", { at: formatDeadline(request.until) })}`
                : ""}
            </p>
            <p class="quote" lang="zh-CN">
              {request.reason}
            </p>
            {request.decision_reason ? (
              <p lang="zh-CN">{t("unitDesk.answer", { words: request.decision_reason })}</p>
            ) : null}
          </li>
        ))}
      </ul>
      {proof.length > 0 ? (
        <>
          <h3>{t("stage.request")}</h3>
          <PhotoGrid photos={proof} />
        </>
      ) : null}
    </section>
  );
}
