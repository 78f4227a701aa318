import type { OfficeIssue } from "../api/types";
import { isUnlisted } from "../place/unlisted";
import { link } from "../router";
import { itemOf, unitOf } from "../session/reference";
import { localTitle, t } from "../texts";
import { formatLimit } from "../time/limits";
import { formatDeadline, formatMoment } from "../time/moment";
import { PlanList } from "../unit/PlanList";

/** What is known of an issue, beside its evidence. */
export function IssueFacts({ issue }: { issue: OfficeIssue }) {
  const item = itemOf(issue.item_code);
  return (
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
      <dd>
        <span lang="zh-CN">{issue.point.address}</span>
        {isUnlisted(issue.point) ? (
          <>
            {" "}
            <a class="no-print" href={link("settings", "unlisted")}>
              {t("unlisted.title")}
            </a>
          </>
        ) : null}
      </dd>
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
  );
}
