// The names behind code names: who keeps them, and requests that need two keys.
import { getItems } from "./items";
import { get, request } from "./request";
import type { Schemas } from "./types";

export type NameRequest = Schemas["NameRequestView"];
export type Name = Schemas["NameView"];
export type Batch = Schemas["BatchView"];

/** The last batches, the latest first. */
export const listBatches = async (): Promise<Batch[]> =>
  (await get<{ items: Batch[] }>("/batches?limit=50")).body.items;

export const listNameRequests = (batch: string): Promise<NameRequest[]> => getItems(`/batches/${batch}/name-requests`);

/** Asks under an id of one's own. The same again changes nothing. */
export const askForName = async (batch: string, id: string, body: Schemas["NameRequestBody"]): Promise<void> => {
  await request<NameRequest>(`/batches/${batch}/name-requests/${id}`, { method: "PUT", body });
};

export const answerRequest = async (batch: string, id: string, consents: boolean): Promise<void> => {
  await request<NameRequest>(`/batches/${batch}/name-requests/${id}/answer`, { method: "PUT", body: { consents } });
};

/** Reads the name, which can be done once. */
export const readName = async (batch: string, id: string): Promise<Name> =>
  (await request<Name>(`/batches/${batch}/name-requests/${id}/reading`, { method: "POST" })).body;
