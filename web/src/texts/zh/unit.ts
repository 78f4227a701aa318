// Texts of the lists of units and of roles that only read; loaded with them.
export const zhUnit = {
  "todo.todo": "待办",
  "todo.sign-in": "待签收",
  "todo.rework": "返工",
  "todo.soon": "即将到期",
  "todo.empty": "没有要办的问题。",
  "all.empty": "还没有交办的问题。",
  "all.cards": "黄红牌",
  "all.self": "自查自改",
  "all.month": "月度情况",
  "all.all": "全部",
  "all.open": "办理中",
  "all.overdue": "超期",
  "all.closed": "已销号",
  "all.noneOfThem": "没有这样的问题。",
} as const satisfies Record<string, string>;
