// Texts of an inspector's start page; loaded with it.
export const zhInspector = {
  "points.install": "添加到主屏幕，没有网络也能打开",
  "points.installHow": "怎样添加",
  "visit.sudden": "突击暗访",
  "place.navigate": "导航",
  "points.title": "附近点位",
  "points.noPosition": "没有定位，按编号排列",
  "points.more": "还有 {count} 个，请搜索",
  "points.asOf": "点位资料更新于 {at}",
  "tasks.todo": "待{what}",
  "place.metres": "{metres} 米",
  "place.kilometres": "{kilometres} 公里",
  "tasks.title": "我的任务（{count}）",
} as const satisfies Record<string, string>;
