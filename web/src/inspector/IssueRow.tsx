import type { InspectorIssue } from "../api/types";
import { link } from "../router";
import { itemOf } from "../session/reference";
import { addTexts, faultTitle, t } from "../texts";
import { zhInspector } from "../texts/zh/inspector";
import { formatHalfDay, formatMoment } from "../time/moment";
import { Icon } from "../ui/Icon";
import { Picture } from "../ui/Picture";
import { StateChip } from "../ui/StateChip";

addTexts(zhInspector);

/** One report or task in a list. */
export function IssueRow({ issue }: { issue: InspectorIssue }) {
  const photo = issue.photos.find((one) => one.stage === "found") ?? issue.photos[0];
  const task = issue.allowed_actions[0];
  const words = task
    ? t("tasks.todo", { what: t(issue.allowed_actions.includes("pass") ? "do.check" : `do.${task}`) })
    : "";
  // The state chip may already say the same.
  const hint = words === t(`issue.${issue.state}`) ? "" : words;
  return (
    <a class="list-row" href={link("issue", issue.id)}>
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
          {hint ? (
            <span class="chip tone-warn">{hint}</span>
          ) : (
            <span class="caption">
              {"captured_at" in issue ? formatMoment(issue.captured_at) : formatHalfDay(issue.found_on)}
            </span>
          )}
        </span>
      </span>
      <Icon name="next" />
    </a>
  );
}
