import type { UnitIssue } from "../api/types";
import { pendingFor } from "../answer/pending";
import { mainAction, availableActions } from "../answer/mainAction";
import { isWaiting } from "../outbox/entry";
import { link } from "../router";
import { itemOf } from "../session/reference";
import { isOpen } from "../states";
import { faultTitle, t } from "../texts";
import { Due } from "../ui/Due";
import { Picture } from "../ui/Picture";
import { SeverityChip, StateChip } from "../ui/StateChip";

/** An issue in a list, with its deadline and next action. */
export function UnitCard({ issue }: { issue: UnitIssue }) {
  const photo = issue.photos.find((one) => one.stage === "found");
  const pending = pendingFor(issue.id);
  const main = mainAction(availableActions(issue));
  return (
    <article class="card card-tight stack">
      <a class="row plain" href={link("issue", issue.id)}>
        <span class="thumb">
          {photo ? <Picture id={photo.id} variant="thumb" alt="" hasPreview={photo.has_preview} /> : null}
        </span>
        <span class="grow stack-tight">
          <span class="list-title" lang="zh-CN">
            {issue.point.name}
          </span>
          <span class="meta">{faultTitle(itemOf(issue.item_code)) || issue.item_code}</span>
          <span class="wrap">
            <StateChip state={issue.state} />
            <SeverityChip severity={issue.severity} />
            {issue.urgent ? <span class="chip tone-danger">{t("issue.urgent")}</span> : null}
          </span>
        </span>
      </a>
      {issue.state === "hung" ? (
        <p class="meta">{t("time.paused")}</p>
      ) : isOpen(issue.state) && issue.due_at ? (
        <Due of={issue} />
      ) : null}
      {pending.some((entry) => !isWaiting(entry)) ? (
        <a class="button" href={link("outbox")}>
          {t("pending.refused")}
        </a>
      ) : pending.length > 0 ? (
        <p class="text-warn">{t("pending.short")}</p>
      ) : null}
      {main ? (
        <a class="button button-primary button-wide" href={link("issue", issue.id, main)}>
          {t(`do.${main}`)}
        </a>
      ) : null}
    </article>
  );
}
