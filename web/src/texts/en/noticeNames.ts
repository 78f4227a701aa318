import type { zhNoticeNames } from "../zh/noticeNames";

// Printed from docs/generated/openapi.json. Do not edit: npm run generate:api

export const enNoticeNames: Record<keyof typeof zhNoticeNames, string> = {
  "notice.handed-over": "Newly handed over",
  "notice.due-soon": "Due soon",
  "notice.half-way": "Half of the time has passed",
  "notice.failed-check": "Check failed",
  "notice.request-decided": "Request answered",
  "notice.reminded": "Reminder by the office",
  "notice.clock-resumed": "Off the books, clock goes on",
  "notice.card-issued": "Card, talk or referral",
  "notice.card-withdrawn": "Card withdrawn",
  "notice.leader-note": "Note of a county leader",
  "notice.to-confirm": "To be confirmed by the vice head",
  "notice.sent-back": "Sent back to be mended",
  "notice.to-check": "To check",
  "notice.to-look-back": "To look back at",
  "notice.to-review": "To review",
  "notice.to-release": "To release",
  "notice.fix-reported": "Fix reported, to be checked",
  "notice.to-decide": "To decide",
};
