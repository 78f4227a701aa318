import type { InspectorIssue as OwnIssue } from "../api/types";
import { IssuePage } from "../answer/IssuePage";
import { isAnswerAction } from "../answer/forms";
import { SentBack } from "../answer/SentBack";
import { availableActions } from "../answer/mainAction";
import { PendingNotice } from "../answer/PendingNotice";
import { link } from "../router";
import { headlineOf } from "./headline";
import { itemOf, unitOf } from "../session/reference";
import { localTitle, t, textIfKnown } from "../texts";
import { formatHalfDay, formatMoment } from "../time/moment";
import { Due } from "../ui/Due";
import { Notice } from "../ui/Notice";
import { Page } from "../ui/Page";
import { PhotoGrid } from "../ui/PhotoGrid";
import type { ShownPhoto } from "../ui/PhotoGrid";
import { SeverityChip, StateChip } from "../ui/StateChip";
import { Timeline } from "../ui/Timeline";
import "../texts/withForms";

/** The issue that the address names, or the form of an action on it. */
export const InspectorIssue = () => <IssuePage View={InspectorIssuePage} />;

/** A report of this inspector, or a check that was assigned to them. */
function InspectorIssuePage({ issue }: { issue: OwnIssue }) {
  const item = itemOf(issue.item_code);
  const photos: ShownPhoto[] = issue.photos;
  const found = photos.filter((photo) => photo.stage === "found");
  const later = photos.filter((photo) => photo.stage !== "found");
  const missing = "missing_photos" in issue ? issue.missing_photos : [];
  const actions = availableActions(issue).filter(isAnswerAction);
  return (
    <Page
      titleLang="zh-CN"
      title={issue.point.name}
      back={link("records")}
      actions={
        actions.length === 0
          ? undefined
          : actions.map((action) => (
              <a
                key={action}
                class={`button ${action === "fail" ? "button-danger" : "button-primary"}`}
                href={link("issue", issue.id, action)}
              >
                {t(`do.${action}`)}
              </a>
            ))
      }
    >
      <div class="stack">
        <div class="wrap">
          <StateChip state={issue.state} />
          <SeverityChip severity={issue.severity} />
          {issue.round > 1 ? <span class="chip tone-warn">{t("issue.round", { round: issue.round })}</span> : null}
        </div>
        <PendingNotice issueId={issue.id} />
        {issue.state === "returned" ? <SentBack issue={issue} /> : null}
        {missing.length > 0 ? (
          <Notice tone="warn">
            <p>{t("inspector.missing", { count: missing.length })}</p>
          </Notice>
        ) : null}
        <PhotoGrid photos={found} missing={missing} />
        <div class="card">
          <dl class="facts">
            <dt>{t("issue.title")}</dt>
            <dd>
              <strong>
                {headlineOf({ itemCode: issue.item_code, description: issue.description }) || issue.item_code}
              </strong>
            </dd>
            {issue.description ? (
              <>
                <dt>{t("report.description")}</dt>
                <dd lang="zh-CN">{issue.description}</dd>
              </>
            ) : null}
            {item ? (
              <>
                <dt>{t("item.required")}</dt>
                <dd>{localTitle(item)}</dd>
              </>
            ) : null}
            <dt>{t("place.address")}</dt>
            <dd lang="zh-CN">{issue.point.address}</dd>
            {"captured_at" in issue ? (
              <>
                <dt>{t("inspector.capturedAt")}</dt>
                <dd>{formatMoment(issue.captured_at)}</dd>
                <dt>{t("inspector.receivedAt")}</dt>
                <dd>{formatMoment(issue.received_at)}</dd>
              </>
            ) : (
              <>
                <dt>{t("inspector.capturedAt")}</dt>
                <dd>{formatHalfDay(issue.found_on)}</dd>
              </>
            )}
            {issue.number ? (
              <>
                <dt>{t("issue.number")}</dt>
                <dd>{issue.number}</dd>
              </>
            ) : null}
            {issue.unit_id ? (
              <>
                <dt>{t("unit.title")}</dt>
                <dd>{unitOf(issue.unit_id)?.name ?? t("unit.unknown")}</dd>
              </>
            ) : null}
            {issue.measure ? (
              <>
                <dt>{t("issue.measure")}</dt>
                <dd>{issue.measure}</dd>
              </>
            ) : null}
          </dl>
          {issue.due_at && issue.closed_on === null ? <Due of={issue} /> : null}
        </div>
        {"flag_codes" in issue && issue.flag_codes.length > 0 ? (
          <Notice tone="warn">
            <p>
              <strong>{t("inspector.flags")}</strong>
            </p>
            <ul>
              {issue.flag_codes.map((code) => (
                <li key={code}>{textIfKnown(`flag.${code}`) ?? code}</li>
              ))}
            </ul>
            <p class="meta">{t("inspector.flagsHint")}</p>
          </Notice>
        ) : null}
        {later.length > 0 ? (
          <section class="stack">
            <h2>{t("issue.laterPhotos")}</h2>
            <PhotoGrid photos={later} />
          </section>
        ) : null}
        <section class="card stack">
          <h2>{t("issue.timeline")}</h2>
          <Timeline issueId={issue.id} version={issue.version} />
        </section>
      </div>
    </Page>
  );
}
