import type { zhNotices } from "../zh/notices";
import { enNoticeNames } from "./noticeNames";

/** Words of the notices. */
export const enNotices: Record<keyof typeof zhNotices, string> = {
  ...enNoticeNames,
  "notices.other": "News of an issue",
  "notices.unread": "Unread",
  "notices.left": "{count} more unread",
  "notices.leftMany": "More are unread",
  "notices.empty": "No notices. What you have to do or should know appears here.",
  "notices.kinds": "Settings",
  "notices.kindsTitle": "Which notices to get",
  "notices.kindsHint":
    "Kinds that are off are neither shown nor counted. This is for your account only, and you can change it at " +
    "any time.",
  "notices.kept": "Notices are kept for 90 days; older events are in the history of each issue.",
};
