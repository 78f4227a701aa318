// Texts about who keeps names; loaded with the page of an account.
export const zhKeeper = {
  "keeper.title": "身份保管员",
  "keeper.is": "是身份保管员，可申请查看代号本人。",
  "keeper.isNot": "不是身份保管员。",
  "keeper.make": "指定为身份保管员",
  "keeper.dismiss": "不再担任",
} as const satisfies Record<string, string>;
