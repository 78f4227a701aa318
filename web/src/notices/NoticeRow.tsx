import type { Notice } from "../api/types";
import { myRole } from "../roles";
import { link } from "../router";
import { itemOf, unitOf } from "../session/reference";
import { phaseOf } from "../states";
import { faultTitle, t } from "../texts";
import { formatShownTime } from "../time/civil";
import { Due } from "../ui/Due";
import { Icon } from "../ui/Icon";
import { StateChip } from "../ui/StateChip";
import { kindText, rowOf } from "./kinds";

/** A notice in the list: what it tells and when, and the issue as it is now. */
export function NoticeRow({ notice: { kind, at, fineness, issue }, isNew }: { notice: Notice; isNew: boolean }) {
  const [icon, tone] = rowOf(kind);
  return (
    <a class={`list-row notice-row ${isNew ? "notice-new" : ""}`} href={link("issue", issue.id)}>
      <div class="grow stack-tight">
        <div class="notice-head">
          <span class={`row list-title ${tone}`}>
            <Icon name={icon} />
            <span>
              {isNew ? <span class="visually-hidden">{t("notices.unread")}</span> : null}
              {kindText(kind)}
            </span>
          </span>
          {at === null ? null : <span class="caption">{formatShownTime(at, fineness)}</span>}
        </div>
        <span lang="zh-CN">{issue.point.name}</span>
        <span class="meta">{faultTitle(itemOf(issue.item_code)) || issue.item_code}</span>
        {myRole().isAtDesk && issue.unit_id ? (
          <span class="meta" lang="zh-CN">
            {unitOf(issue.unit_id)?.name}
          </span>
        ) : null}
        <div class="wrap">
          <StateChip state={issue.state} />
          {phaseOf(issue.state) === "owed" ? <Due of={issue} /> : null}
        </div>
      </div>
      <Icon name="next" />
    </a>
  );
}
