// What the complaint page asks for; it comes with that page.
import { get, request } from "./request";
import type { Schemas } from "./types";

export type OwnComplaint = Schemas["OwnComplaintView"];
export type ComplaintKind = Schemas["ComplaintKind"];

export const listOwn = async (): Promise<OwnComplaint[]> =>
  (await get<{ items: OwnComplaint[] }>("/complaints/own")).body.items;
/** Files it; the same again answers what is stored. */
export const fileComplaint = async (id: string, body: Schemas["ComplaintBody"]): Promise<OwnComplaint> =>
  (await request<OwnComplaint>(`/complaints/${id}`, { method: "PUT", body })).body;
