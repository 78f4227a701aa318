// Notices: the list, what is unread, and which kinds are switched on.
import { encodeQuery } from "./query";
import type { Query } from "./query";
import { get, request } from "./request";
import type { NoticePage, Schemas } from "./types";

export const listNotices = async (query: Query<"/notices">): Promise<NoticePage> =>
  (await get<NoticePage>(`/notices?${encodeQuery(query)}`)).body;

/** Counted up to 100: then there may be more. */
export const countUnread = async (): Promise<number> =>
  (await get<Schemas["NoticeCount"]>("/notices/count")).body.unread;

/** Marks all up to this number of the reader's notices as read, on every device. */
export async function markRead(through: number): Promise<void> {
  await request<void>("/notices/read", { method: "PUT", body: { through } });
}

/** The kinds that the reader may get, each with whether it is switched on. */
export const readKinds = async (): Promise<Schemas["NoticeSwitches"]> =>
  (await get<Schemas["NoticeSwitches"]>("/notices/kinds")).body;

export const switchKind = async (kind: string, isOn: boolean): Promise<Schemas["NoticeSwitches"]> =>
  (await request<Schemas["NoticeSwitches"]>("/notices/kinds", { method: "PATCH", body: { [kind]: isOn } })).body;
