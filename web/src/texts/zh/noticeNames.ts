// Printed from docs/generated/openapi.json. Do not edit: npm run generate:api

export const zhNoticeNames = {
  "notice.handed-over": "新交办",
  "notice.due-soon": "即将到期",
  "notice.half-way": "时限过半",
  "notice.failed-check": "核查不通过",
  "notice.request-decided": "申请已答复",
  "notice.reminded": "督办提醒",
  "notice.clock-resumed": "解除挂账恢复计时",
  "notice.card-issued": "黄红牌、约谈、移交",
  "notice.card-withdrawn": "黄红牌撤回",
  "notice.leader-note": "县领导督战",
  "notice.to-confirm": "待分管领导确认",
  "notice.sent-back": "退回修改",
  "notice.to-check": "待核查",
  "notice.to-look-back": "待回头看",
  "notice.to-review": "待审核",
  "notice.to-release": "待交办",
  "notice.fix-reported": "整改反馈待核查",
  "notice.to-decide": "待审批",
} as const satisfies Record<string, string>;
