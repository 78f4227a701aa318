import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { readIssue } from "../api/issues";
import type { Action, OfficeIssue } from "../api/types";
import { link } from "../router";
import { itemOf, unitOf } from "../session/reference";
import { faultTitle, t, localTitle } from "../texts";
import { formatLimit } from "../time/limits";
import { formatDeadline, formatMoment } from "../time/moment";
import { PlanList } from "../unit/PlanList";
import { Due } from "../ui/Due";
import { useCached } from "../ui/useCached";
import { Fetched, Notice } from "../ui/Notice";
import { SeverityChip, StateChip } from "../ui/StateChip";
import { Timeline } from "../ui/Timeline";
import { DecisionForm } from "./DecisionForm";
import { isDecision } from "./decisions";
import { Evidence } from "./Evidence";

/** An issue in full: facts, evidence, possible decisions and history. */
export function IssueDesk({
  id,
  first,
  onDrawn,
  onDone,
}: {
  id: string;
  first: Action | null;
  /** Called once, when the issue is drawn and not only its placeholder. */
  onDrawn?: () => void;
  onDone: (issue: OfficeIssue, words: string) => void;
}) {
  const issue = useCached<OfficeIssue>(`issue/${id}`, async () => (await readIssue(id)) as OfficeIssue);
  /**
   * The version on which somebody started to decide. It is not replaced by a newer one until they have finished or ask
   * for it.
   */
  const [pinned, setPinned] = useState<OfficeIssue | null>(null);
  return (
    <Fetched of={issue}>
      {(body) => {
        const isNewer = pinned !== null && pinned.version < body.version;
        return (
          <>
            {isNewer ? (
              <Notice tone="warn" role="status">
                <p>{t("queue.newer")}</p>
                <button type="button" class="button" onClick={() => setPinned(null)}>
                  {t("queue.showNewer")}
                </button>
              </Notice>
            ) : null}
            <Desk
              issue={isNewer ? pinned : body}
              first={first}
              onDrawn={onDrawn}
              reload={() => {
                setPinned(null);
                issue.reload();
              }}
              onBegin={(seen) => setPinned((old) => old ?? seen)}
              onDone={(next, words) => {
                setPinned(null);
                onDone(next, words);
              }}
            />
          </>
        );
      }}
    </Fetched>
  );
}

interface DecisionsProps {
  issue: OfficeIssue;
  first: Action | null;
  reload: () => void;
  onBegin: (seen: OfficeIssue) => void;
  onDone: (issue: OfficeIssue, words: string) => void;
}

function Desk({
  issue,
  first,
  onDrawn,
  reload,
  onBegin,
  onDone,
}: DecisionsProps & { onDrawn: (() => void) | undefined }) {
  const item = itemOf(issue.item_code);
  useLayoutEffect(() => onDrawn?.(), []);
  return (
    <div class="stack">
      <div class="row-spread">
        <h2>
          <a class="tap" href={link("issue", issue.id)}>
            {issue.point.name}
          </a>
        </h2>
        <div class="wrap">
          <StateChip state={issue.state} />
          <SeverityChip severity={issue.severity} />
          {issue.urgent ? <span class="chip tone-danger">{t("issue.urgent")}</span> : null}
          {issue.round > 1 ? <span class="chip tone-warn">{t("issue.round", { round: issue.round })}</span> : null}
        </div>
      </div>
      {issue.missing_photos.length > 0 ? (
        <Notice tone="warn">
          <p>{t("inspector.missing", { count: issue.missing_photos.length })}</p>
        </Notice>
      ) : null}
      <p>
        <strong>{faultTitle(item) || issue.item_code}</strong>
      </p>
      {issue.description ? <p lang="zh-CN">{issue.description}</p> : null}
      {issue.state === "hung" ? (
        <p class="meta">{t("time.paused")}</p>
      ) : issue.due_at && !issue.closed_at ? (
        <div class="no-print">
          <Due of={issue} />
        </div>
      ) : null}
      {issue.due_unsure && !issue.closed_at ? <p class="meta text-warn">{t("office.dueUnsure")}</p> : null}
      {issue.requests.map((request) => (
        <Notice key={request.id} tone={request.state === "pending" ? "warn" : "info"}>
          <p>
            <strong>{t(`request.${request.kind}`)}</strong> · {t(`request.state.${request.state}`)} ·{" "}
            {formatMoment(request.filed_at)}
            {request.until ? ` · ${t("office.until", { at: formatDeadline(request.until) })}` : ""}
          </p>
          <p class="quote" lang="zh-CN">
            {request.reason}
          </p>
          {request.plan.length > 0 ? <PlanList plan={request.plan} isHung={false} /> : null}
          {request.first_vote && request.state === "pending" ? (
            <p>
              <strong>{t("office.firstVote", { name: request.first_vote.by.display_name })}</strong>{" "}
              {request.first_vote.reason}
            </p>
          ) : null}
          {request.decision_reason ? <p class="meta">{request.decision_reason}</p> : null}
        </Notice>
      ))}
      {issue.confirmation && issue.confirmation.state !== "given" ? (
        <Notice tone="warn">
          <p>{t(issue.confirmation.state === "asked" ? "office.awaitsViceHead" : "office.noViceHead")}</p>
        </Notice>
      ) : null}
      {issue.rejection ? (
        <Notice tone="warn">
          <p>
            <strong>{t("office.firstRejection", { name: issue.rejection.by.display_name })}</strong> ·{" "}
            {formatMoment(issue.rejection.at)}
          </p>
          <p class="quote" lang="zh-CN">
            {issue.rejection.reason}
          </p>
        </Notice>
      ) : null}
      {issue.returns.map((back) => (
        <Notice key={back.returned_at} tone="warn">
          <p>
            <strong>{t("do.return")}</strong> · {unitOf(back.unit_id)?.name} · {formatMoment(back.returned_at)}
          </p>
          <p class="quote" lang="zh-CN">
            {back.reason}
          </p>
          {back.proposed_unit_id ? (
            <p class="meta">{t("office.proposed", { unit: unitOf(back.proposed_unit_id)?.name ?? "" })}</p>
          ) : null}
        </Notice>
      ))}
      <Evidence issue={issue} />
      <dl class="facts card">
        <dt>{t("item.required")}</dt>
        <dd>
          {localTitle(item) || issue.item_code}{" "}
          <span class="caption">
            {issue.item_code}
            {item?.limit ? ` · ${formatLimit(item.limit)}` : ""}
            {item?.veto ? ` · ${t("item.veto")}` : ""}
          </span>
        </dd>
        <dt>{t("place.address")}</dt>
        <dd lang="zh-CN">{issue.point.address}</dd>
        {issue.due_at && issue.state !== "hung" ? (
          <>
            <dt>{t("list.due")}</dt>
            <dd>{t("time.dueAt", { at: formatDeadline(issue.due_at) })}</dd>
          </>
        ) : null}
        <dt>{t("unit.title")}</dt>
        <dd>
          {unitOf(issue.unit_id)?.name ?? t("unit.unknown")}
          {issue.handler ? ` · ${issue.handler}` : ""}
        </dd>
        <dt>{t("issue.number")}</dt>
        <dd>{issue.number ?? t("issue.noNumber")}</dd>
        <dt class="no-print">{t("office.finder")}</dt>
        <dd class="no-print">
          {issue.finder.display_name}
          {issue.approved_by ? ` · ${t("office.approvedBy", { name: issue.approved_by.display_name })}` : ""}
        </dd>
        {issue.checker ? (
          <>
            <dt class="no-print">{t("office.checker")}</dt>
            <dd class="no-print">{issue.checker.display_name}</dd>
          </>
        ) : null}
        {issue.confirmation?.by ? (
          <>
            <dt class="no-print">{t("office.confirmedBy")}</dt>
            <dd class="no-print">{issue.confirmation.by.display_name}</dd>
          </>
        ) : null}
        {issue.measure ? (
          <>
            <dt>{t("issue.measure")}</dt>
            <dd>
              {issue.remedy ? `${t(`remedy.${issue.remedy}`)} · ` : ""}
              {issue.measure}
            </dd>
          </>
        ) : null}
        {issue.closed_at ? (
          <>
            <dt>{t("office.closedAt")}</dt>
            <dd>
              {formatMoment(issue.closed_at)}
              {issue.on_time === null ? "" : ` · ${t(issue.on_time ? "office.onTime" : "office.notOnTime")}`}
            </dd>
          </>
        ) : null}
        {issue.desk_reason ? (
          <>
            <dt>{t("office.deskReason")}</dt>
            <dd lang="zh-CN">{issue.desk_reason}</dd>
          </>
        ) : null}
        {issue.fix_counted_at && issue.reported_at && issue.fix_counted_at < issue.reported_at ? (
          <>
            <dt>{t("office.fixCountedAt")}</dt>
            <dd>{formatMoment(issue.fix_counted_at)}</dd>
          </>
        ) : null}
        {issue.parent_id ? (
          <>
            <dt>{t("office.parent")}</dt>
            <dd>
              <a class="tap" href={link("issue", issue.parent_id)}>
                {t("action.open")}
              </a>
            </dd>
          </>
        ) : null}
        {issue.plan.length > 0 ? (
          <>
            <dt>{t("unit.plan")}</dt>
            <dd>
              <PlanList plan={issue.plan} isHung={issue.state === "hung"} />
              {issue.missed_milestones > 0 ? <p>{t("plan.missedCount", { count: issue.missed_milestones })}</p> : null}
            </dd>
          </>
        ) : null}
      </dl>
      <Decisions issue={issue} first={first} reload={reload} onBegin={onBegin} onDone={onDone} />
      {/* On paper it would say who came, and when. */}
      <section class="card stack no-print">
        <h2>{t("issue.timeline")}</h2>
        <Timeline issueId={issue.id} version={issue.version} />
      </section>
    </div>
  );
}

/** The decisions that the service allows, with that of the queue opened first. One form is open at a time. */
function Decisions({ issue, first, reload, onBegin, onDone }: DecisionsProps) {
  const allowed = issue.allowed_actions.filter(isDecision);
  const [chosen, setChosen] = useState<Action | null>(first);
  const form = useRef<HTMLElement>(null);
  const open = allowed.find((action) => action === chosen) ?? null;
  if (allowed.length === 0) return <p class="meta">{t("office.nothingToDecide")}</p>;
  const choose = (action: Action) => {
    setChosen(action);
    form.current?.scrollIntoView({ block: "start" });
  };
  return (
    <>
      <div class="decision-bar wrap" role="group" aria-label={t("office.decide")}>
        {allowed.map((action) => (
          <button
            type="button"
            class="button"
            key={action}
            aria-pressed={action === open}
            onClick={() => choose(action)}
          >
            {t(`do.${action}`)}
          </button>
        ))}
      </div>
      <section class="card decision" aria-label={t("office.decide")} ref={form} onInput={() => onBegin(issue)}>
        {open ? (
          <DecisionForm
            key={open}
            issue={issue}
            action={open}
            onStale={reload}
            onDone={(next) => onDone(next, t("office.done", { name: issue.point.name, what: t(`do.${open}`) }))}
          />
        ) : (
          <p class="meta">{t("office.chooseStep")}</p>
        )}
      </section>
    </>
  );
}
