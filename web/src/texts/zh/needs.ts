// Texts of the needs of an issue; loaded with them.
export const zhNeeds = {
  "needs.title": "需要协调的事项",
  "needs.add": "提出需求",
  "needs.change": "修改需求",
  "needs.need": "需求",
  "needs.note": "说明",
  "needs.funds": "经费",
  "needs.staff": "人员",
  "needs.law": "执法依据",
  "needs.other": "其他",
  "needs.save": "保存",
};
