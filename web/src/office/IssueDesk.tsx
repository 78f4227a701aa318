import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { readIssue } from "../api/issues";
import type { OfficeIssue } from "../api/types";
import { link } from "../router";
import { itemOf, unitOf } from "../session/reference";
import { may } from "../session/session";
import { faultTitle, t } from "../texts";
import { formatDeadline, formatMoment } from "../time/moment";
import { PlanList } from "../unit/PlanList";
import { Due } from "../ui/Due";
import { Lazy } from "../ui/Lazy";
import { part } from "../ui/part";
import { useCached } from "../ui/useCached";
import { Fetched, Notice } from "../ui/Notice";
import { SeverityChip, StateChip } from "../ui/StateChip";
import { Timeline } from "../ui/Timeline";
import { Decisions } from "./Decisions";
import type { DecisionsProps } from "./Decisions";
import type { Refused } from "./DecisionForm";
import { Evidence } from "./Evidence";
import { IssueFacts } from "./IssueFacts";
import { SimilarCases } from "./SimilarCases";

/** Loaded with the page of an issue. It is not in `parts.ts`, because that belongs to the first screens. */
const needs = part(() => import("../needs/NeedsBox").then((module) => module.NeedsBox));

/** Notes of county leaders on it. */
const notes = part(() => import("../leader/NotesBox").then((module) => module.NotesBox));

/** An issue in full: facts, evidence, possible decisions and history. */
export function IssueDesk({
  id,
  first,
  known,
  takesFocus = false,
  onDrawn,
  onDone,
  onHold,
}: Pick<DecisionsProps, "first" | "onDone" | "onHold"> & {
  id: string;
  /** The issue as a list or a call ahead has it, to be drawn until the service has answered. */
  known?: OfficeIssue | undefined;
  /** Whether it takes the place of another case: the focus goes with it, so that keys mean this one. */
  takesFocus?: boolean;
  /** Called once, when the issue is drawn and not only its placeholder. */
  onDrawn?: (issue: OfficeIssue) => void;
}) {
  const issue = useCached<OfficeIssue>(`issue/${id}`, async () => (await readIssue(id)) as OfficeIssue);
  const [isNext] = useState(takesFocus);
  const read = issue.body?.version ?? -1;
  const isOlder = known !== undefined && (read < known.version || (issue.isLoading && read === known.version));
  /**
   * The version on which somebody started to decide. It is not replaced by a newer one until they have finished or ask
   * for it.
   */
  const [pinned, setPinned] = useState<OfficeIssue | null>(null);
  /** A decision that was sent from here at once, and refused because of what others did. */
  const [refused, setRefused] = useState<Refused | null>(null);
  return (
    <Fetched of={isOlder ? { ...issue, body: known } : issue}>
      {(body) => {
        const isNewer = pinned !== null && pinned.version < body.version;
        const shown = pinned !== null && pinned.version !== body.version ? pinned : body;
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
              issue={shown}
              first={first}
              refused={refused}
              takesFocus={isNext}
              onDrawn={onDrawn}
              onRefused={(why) => {
                setRefused(why);
                setPinned(null);
                issue.reload();
              }}
              onBegin={(seen) => setPinned((old) => old ?? seen)}
              onDone={(next, words) => {
                setRefused(null);
                setPinned(null);
                onDone(next, words);
              }}
              onHold={onHold}
            />
          </>
        );
      }}
    </Fetched>
  );
}

function Desk({
  issue,
  first,
  refused,
  takesFocus,
  onDrawn,
  onRefused,
  onBegin,
  onDone,
  onHold,
}: DecisionsProps & { takesFocus: boolean; onDrawn: ((issue: OfficeIssue) => void) | undefined }) {
  const item = itemOf(issue.item_code);
  const heading = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => {
    onDrawn?.(issue);
    // Whoever is typing, or has a dialog open, keeps the focus.
    const isElsewhere = document.activeElement?.closest("input, textarea, select, [aria-modal], [role=dialog]");
    if (takesFocus && !isElsewhere) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div class="case">
      <div class="case-evidence">
        <div class="row-spread">
          <h2 ref={heading} tabIndex={-1}>
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
              <p class="no-print">
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
          <div class="no-print">
            <Notice tone="warn">
              <p>
                <strong>{t("office.firstRejection", { name: issue.rejection.by.display_name })}</strong> ·{" "}
                {formatMoment(issue.rejection.at)}
              </p>
              <p class="quote" lang="zh-CN">
                {issue.rejection.reason}
              </p>
            </Notice>
          </div>
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
        <IssueFacts issue={issue} />
        {issue.released_at && may("note-needs") ? <Lazy of={needs} props={{ issueId: issue.id }} /> : null}
        {issue.released_at && may("read-leader-notes") ? (
          <Lazy of={notes} props={{ issueId: issue.id, unitId: issue.unit_id, pointId: issue.point.id }} />
        ) : null}
        {/* On paper it would say who came, and when. */}
        <section class="card stack case-history no-print">
          <h2>{t("issue.timeline")}</h2>
          <Timeline issueId={issue.id} version={issue.version} />
        </section>
      </div>
      {/* On paper it would say who came, and what was considered. */}
      <div class="case-decision no-print">
        {/* What is chosen and filled in there belongs to one version: a newer one begins anew. */}
        <Decisions
          key={issue.version}
          issue={issue}
          first={first}
          refused={refused}
          onRefused={onRefused}
          onBegin={onBegin}
          onDone={onDone}
          onHold={onHold}
        />
        <SimilarCases issue={issue} />
      </div>
    </div>
  );
}
