import { availableActions, mainAction } from "../answer/mainAction";
import { pendingFor } from "../answer/pending";
import type { UnitIssue } from "../api/types";
import { isWaiting } from "../outbox/entry";
import { link } from "../router";
import { itemOf } from "../session/reference";
import { isOpen } from "../states";
import { faultTitle, t } from "../texts";
import { formatDeadline } from "../time/moment";
import { Due } from "../ui/Due";
import { Picture } from "../ui/Picture";
import { SeverityChip, StateChip } from "../ui/StateChip";

/** A row of the unit's table. */
export function TodoRow({ issue, isChosen, onChoose }: { issue: UnitIssue; isChosen: boolean; onChoose: () => void }) {
  const photo = issue.photos.find((one) => one.stage === "found");
  const main = mainAction(availableActions(issue));
  const unsent = pendingFor(issue.id);
  return (
    <tr id={`row-${issue.id}`} aria-selected={isChosen}>
      <td>
        <label class="desk-choose">
          <input
            type="checkbox"
            aria-label={t("unitDesk.choose", { name: issue.point.name })}
            checked={isChosen}
            onChange={onChoose}
          />
        </label>
      </td>
      <td>
        <span class="thumb desk-thumb">
          {photo ? <Picture id={photo.id} variant="thumb" alt="" hasPreview={photo.has_preview} /> : null}
        </span>
      </td>
      <td>
        <a class="desk-link" href={link("issue", issue.id)} lang="zh-CN">
          {issue.point.name}
        </a>
        <span class="desk-line">{faultTitle(itemOf(issue.item_code)) || issue.item_code}</span>
        <span class="desk-line caption" lang="zh-CN">
          {issue.number}
          {issue.description ? `${t("punctuation.dot")}${issue.description}` : ""}
        </span>
      </td>
      <td>
        <span class="wrap">
          <StateChip state={issue.state} />
          <SeverityChip severity={issue.severity} />
          {issue.urgent ? <span class="chip tone-danger">{t("issue.urgent")}</span> : null}
          {issue.requests
            .filter((request) => request.state === "pending")
            .map((request) => (
              <span class="chip tone-violet" key={request.id}>
                {t(`request.${request.kind}`)}
                {t("punctuation.dot")}
                {t("unitDesk.request.pending")}
              </span>
            ))}
        </span>
        {issue.requests
          .filter((request) => request.state === "pending" && request.until)
          .map((request) => (
            <span class="desk-line caption" key={request.id}>
              {t("unitDesk.until", { at: formatDeadline(request.until ?? "") })}
            </span>
          ))}
      </td>
      <td lang="zh-CN">{issue.handler ?? ""}</td>
      <td>
        {issue.state === "hung" ? (
          <span class="meta">{t("time.paused")}</span>
        ) : isOpen(issue.state) && issue.due_at ? (
          <Due of={issue} />
        ) : null}
      </td>
      <td>
        {unsent.some((entry) => !isWaiting(entry)) ? (
          <a class="button desk-step" href={link("outbox")}>
            {t("pending.refused")}
          </a>
        ) : unsent.length > 0 ? (
          <span class="text-warn">{t("pending.short")}</span>
        ) : main ? (
          <a class="button desk-step" href={link("issue", issue.id, main)}>
            {t(`do.${main}`)}
          </a>
        ) : null}
      </td>
    </tr>
  );
}
