// Texts of the notices, loaded with their page.
import { zhNoticeNames } from "./noticeNames";

export const zhNotices = {
  ...zhNoticeNames,
  "notices.other": "办理动态",
  "notices.unread": "未读",
  "notices.left": "还有 {count} 条未读",
  "notices.leftMany": "还有更多未读",
  "notices.empty": "没有消息。有需要您办理或知晓的事项时，会在这里提醒。",
  "notices.kinds": "设置",
  "notices.kindsTitle": "接收哪些消息",
  "notices.kindsHint": "关闭的种类不再显示，也不计入未读。仅对本账号有效，可随时重新打开。",
  "notices.kept": "消息保留 90 天，更早的请在问题的办理经过中查看。",
} as const satisfies Record<string, string>;
