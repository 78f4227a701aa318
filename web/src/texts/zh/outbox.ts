/** Texts of the outbox page, and of taking a record back. */
export const zhOutbox = {
  "outbox.retryAll": "全部重试",
  "edit.ask": "上次发送没有等到回应，须联网确认未送达后才能修改：{why}",
  "edit.delivered": "这条记录已送达，不能再改",
  "edit.received": "内容已送达，照片传完即可，不能再改",
  "edit.sending": "正在发送，请稍后再试",
  "edit.gone": "这条记录已不在待上传中",
  "edit.draftExists": "这一步另有一份草稿，请先处理草稿",
};
