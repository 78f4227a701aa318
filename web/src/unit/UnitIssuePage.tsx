import type { PhotoStage, ReleasedIssue, State, UnitIssue as OwnIssue } from "../api/types";
import { isUnitAction } from "../answer/forms";
import { IssuePage } from "../answer/IssuePage";
import { PendingNotice } from "../answer/PendingNotice";
import { mainAction, availableActions } from "../answer/mainAction";
import { myRole } from "../roles";
import { link } from "../router";
import { itemOf, unitOf } from "../session/reference";
import { may } from "../session/session";
import { isOpen } from "../states";
import { faultTitle, t, localTitle } from "../texts";
import { formatLimit, formatLimitNote } from "../time/limits";
import { formatHalfDay, formatMoment } from "../time/moment";
import { Due } from "../ui/Due";
import { Lazy } from "../ui/Lazy";
import { part } from "../ui/part";
import { Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { PhotoGrid } from "../ui/PhotoGrid";
import { SeverityChip, StateChip } from "../ui/StateChip";
import { Timeline } from "../ui/Timeline";
import { PlanList } from "./PlanList";
import "../texts/withForms";

/** Loaded with the page of an issue. It is not in `parts.ts`, because that belongs to the first screens. */
const needs = part(() => import("../needs/NeedsBox").then((module) => module.NeedsBox));

/** Notes of county leaders on it. */
const notes = part(() => import("../leader/NotesBox").then((module) => module.NotesBox));

/** The stages that are drawn above, and how many of them are done in each state. */
const STAGES = ["release", "sign-in", "fix", "check", "close"] as const;
const STAGES_DONE: Record<State, number> = {
  receiving: 0,
  submitted: 0,
  returned: 0,
  sealed: 0,
  assigned: 1,
  redispatch: 1,
  rectifying: 2,
  rework: 2,
  hung: 2,
  reported: 3,
  closed: 5,
  archived: 5,
  void: 5,
};
/** Where on this page the photos of each stage are; `null` for those that it does not show. */
const SECTION_OF: Record<PhotoStage, "found" | "fix" | null> = {
  found: "found",
  fix: "fix",
  check: null,
  "look-back": null,
  request: null,
};

/** The issue that the address names, or the form of an action on it. */
export const UnitIssue = () => <IssuePage View={UnitIssuePage} />;

/** An issue as its unit sees it: the problem, the requirement, the deadline and the next action. */
function UnitIssuePage({ issue }: { issue: OwnIssue | ReleasedIssue }) {
  const item = itemOf(issue.item_code);
  const actions = availableActions(issue);
  const main = mainAction(actions);
  const others = actions.filter(isUnitAction).filter((action) => action !== main);
  const at = STAGES_DONE[issue.state] ?? 0;
  const latestRefusal = [...issue.requests].reverse().find((request) => request.state === "refused");
  return (
    <Page
      titleLang="zh-CN"
      title={issue.point.name}
      back={link(myRole().hasUnit ? "todo" : "all")}
      actions={
        main === undefined ? undefined : (
          <a class="button button-primary" href={link("issue", issue.id, main)}>
            {t(`do.${main}`)}
          </a>
        )
      }
    >
      <div class="stack">
        <div class="wrap">
          <StateChip state={issue.state} />
          <SeverityChip severity={issue.severity} />
          {issue.urgent ? <span class="chip tone-danger">{t("issue.urgent")}</span> : null}
          {issue.round > 1 ? <span class="chip tone-warn">{t("issue.round", { round: issue.round })}</span> : null}
        </div>
        {issue.state === "hung" ? (
          <div class="card card-tight">
            <p>
              <strong>{t("time.paused")}</strong>
            </p>
          </div>
        ) : issue.due_at && isOpen(issue.state) ? (
          <div class="card card-tight">
            <Due of={issue} />
            {issue.due_unsure ? <p class="meta">{t("unit.dueUnsure")}</p> : null}
            {issue.state === "reported" ? <p class="meta">{t("unit.waitingIsFree")}</p> : null}
          </div>
        ) : null}
        <PendingNotice issueId={issue.id} />
        {issue.state === "rework" ? (
          <Notice tone="warn">
            <p>{t("unit.reworkHint")}</p>
          </Notice>
        ) : null}
        {"awaits_confirmation" in issue && issue.awaits_confirmation ? (
          <Notice tone="warn">
            <p>{t("unit.awaitsViceHead")}</p>
          </Notice>
        ) : null}
        {issue.unclaimed ? (
          <Notice tone="warn">
            <p>{t("unit.unclaimed")}</p>
          </Notice>
        ) : null}
        {issue.requests
          .filter((request) => request.state === "pending")
          .map((request) => (
            <Notice key={request.id}>
              <p>{t(`request.pending.${request.kind}`)}</p>
            </Notice>
          ))}
        {latestRefusal ? (
          <Notice tone="warn">
            <p>{t("request.refused", { kind: t(`request.${latestRefusal.kind}`) })}</p>
            {latestRefusal.decision_reason ? <p>{latestRefusal.decision_reason}</p> : null}
          </Notice>
        ) : null}
        <ol class="steps" aria-label={t("steps.title")}>
          {STAGES.map((step, index) => (
            <li key={step} class={index < at ? "past" : ""} aria-current={index === at ? "step" : undefined}>
              {t(`steps.${step}`)}
            </li>
          ))}
        </ol>
        <section class="card stack" aria-labelledby="wrong-title">
          <h2 id="wrong-title">{t("unit.whatIsWrong")}</h2>
          <p>
            <strong>{faultTitle(item) || issue.item_code}</strong>
          </p>
          {issue.description ? <p lang="zh-CN">{issue.description}</p> : null}
          <PhotoGrid photos={issue.photos.filter((photo) => SECTION_OF[photo.stage] === "found")} />
          <dl class="facts">
            <dt>{t("issue.number")}</dt>
            <dd>{issue.number ?? t("issue.noNumber")}</dd>
            {myRole().hasUnit ? null : (
              <>
                <dt>{t("unit.title")}</dt>
                <dd lang="zh-CN">{unitOf(issue.unit_id)?.name ?? t("unit.unknown")}</dd>
              </>
            )}
            <dt>{t("place.address")}</dt>
            <dd lang="zh-CN">{issue.point.address}</dd>
            <dt>{t("unit.foundOn")}</dt>
            <dd>{formatHalfDay(issue.found_on)}</dd>
            {issue.released_at ? (
              <>
                <dt>{t("unit.releasedAt")}</dt>
                <dd>{formatMoment(issue.released_at)}</dd>
              </>
            ) : null}
            {issue.handler ? (
              <>
                <dt>{t("answer.handler")}</dt>
                <dd>{issue.handler}</dd>
              </>
            ) : null}
          </dl>
        </section>
        <section class="card stack" aria-labelledby="required-title">
          <h2 id="required-title">{t("item.required")}</h2>
          <p>
            {localTitle(item) || issue.item_code}
            {item?.veto ? (
              <>
                {" "}
                <span class="chip tone-danger">{t("item.veto")}</span>
              </>
            ) : null}
          </p>
          <dl class="facts">
            <dt>{t("unit.clause")}</dt>
            <dd>{issue.item_code}</dd>
            {item?.limit ? (
              <>
                <dt>{t("unit.limit")}</dt>
                <dd>
                  {formatLimit(item.limit)}
                  {item.limit_note ? `\uff08${formatLimitNote(item.limit_note)}\uff09` : ""}
                </dd>
              </>
            ) : null}
          </dl>
        </section>
        {issue.measure ? (
          <section class="card stack">
            <h2>{t("issue.measure")}</h2>
            <p>
              {issue.remedy ? <span class="chip">{t(`remedy.${issue.remedy}`)}</span> : null} {issue.measure}
            </p>
            <PhotoGrid photos={issue.photos.filter((photo) => SECTION_OF[photo.stage] === "fix")} />
          </section>
        ) : null}
        {issue.plan.length > 0 ? (
          <section class="card stack">
            <h2>{t("unit.plan")}</h2>
            <PlanList plan={issue.plan} isHung={issue.state === "hung"} />
            {issue.missed_milestones > 0 ? <p>{t("plan.missedCount", { count: issue.missed_milestones })}</p> : null}
          </section>
        ) : null}
        {myRole().hasUnit && isOpen(issue.state) ? <Lazy of={needs} props={{ issueId: issue.id }} /> : null}
        {may("read-leader-notes") ? (
          <Lazy of={notes} props={{ issueId: issue.id, unitId: issue.unit_id, pointId: issue.point.id }} />
        ) : null}
        {issue.returns.length > 0 ? (
          <section class="card stack">
            <h2>{t("unit.returns")}</h2>
            <ul class="stack">
              {issue.returns.map((back) => (
                <li key={back.returned_at}>
                  <p>
                    {unitOf(back.unit_id)?.name} · {formatMoment(back.returned_at)}
                  </p>
                  <p class="quote" lang="zh-CN">
                    {back.reason}
                  </p>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
        <section class="card stack">
          <h2>{t("issue.timeline")}</h2>
          <Timeline issueId={issue.id} version={issue.version} />
        </section>
        {myRole().hasUnit ? (
          <a class="button no-print" href={link("issue", issue.id, "print")}>
            {t("unit.print")}
          </a>
        ) : null}
        {others.length > 0 ? (
          <section class="stack" aria-labelledby="others-title">
            <h2 id="others-title">{t("unit.otherSteps")}</h2>
            <ul class="list">
              {others.map((action) => (
                <li key={action}>
                  <a class="list-row" href={link("issue", issue.id, action)}>
                    <span class="grow">
                      <strong>{t(`do.${action}`)}</strong>
                      <br />
                      <span class="meta">{t(`doHint.${action}`)}</span>
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ) : null}
      </div>
    </Page>
  );
}
