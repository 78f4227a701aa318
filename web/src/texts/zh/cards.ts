// Texts of a unit's page of cards; loaded with it.
export const zhCards = {
  "cards.title": "本单位黄红牌",
  "cards.none": "本单位没有黄红牌、约谈或移交。",
  "cards.intro": "对黄红牌有异议的，可对所涉问题提出异议；异议成立的，黄红牌予以撤回。",
  "cards.measure.yellow": "黄牌",
  "cards.measure.red": "红牌",
  "cards.measure.talk": "约谈",
  "cards.measure.referral": "移交",
  "cards.issuedOn": "{day} 出示",
  "cards.reason": "理由：{reason}",
  "cards.withdrawn": "{day} 已撤回：{reason}",
  "cards.talk": "{day} 已约谈：{minutes}",
  "cards.taken": "{day} 已移交：{minutes}",
  "cards.issue": "查看问题 {number}",
} as const satisfies Record<string, string>;
