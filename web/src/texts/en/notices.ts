import type { zhNotices } from "../zh/notices";

/** Words of the notices. */
export const enNotices: Record<keyof typeof zhNotices, string> = {
  "notice.handed-over": "Newly handed over",
  "notice.due-soon": "Due soon",
  "notice.half-way": "Half of the time has passed",
  "notice.failed-check": "Check failed",
  "notice.request-decided": "Request answered",
  "notice.reminded": "Reminder by the office",
  "notice.clock-resumed": "Off the books, clock goes on",
  "notice.card-issued": "Card, talk or referral",
  "notice.card-withdrawn": "Card withdrawn",
  "notice.to-confirm": "To be confirmed by the vice head",
  "notice.sent-back": "Sent back to be mended",
  "notice.to-check": "To check",
  "notice.to-look-back": "To look back at",
  "notice.to-review": "To review",
  "notice.to-release": "To release",
  "notice.fix-reported": "Fix reported, to be checked",
  "notice.to-decide": "To decide",
  "notices.other": "News of an issue",
  "notices.unread": "Unread",
  "notices.left": "{count} more unread",
  "notices.leftMany": "More are unread",
  "notices.empty": "No notices. What you have to do or to know is told here.",
  "notices.kinds": "Settings",
  "notices.kindsTitle": "Which notices to get",
  "notices.kindsHint":
    "Kinds that are off are neither shown nor counted. This is for your account only, and can be undone at any time.",
  "notices.kept": "Notices are kept for 90 days; what is older is in the history of each issue.",
};
