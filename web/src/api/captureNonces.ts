// Capture numbers that the service gives ahead.
import { request } from "./request";
import type { Schemas } from "./types";

/** Asks for a supply under an id of one's own; the same again answers what is left of it. */
export const putSupply = async (id: string, account: string): Promise<Schemas["SupplyView"]> =>
  (await request<Schemas["SupplyView"]>(`/capture-nonces/${id}`, { method: "PUT", account })).body;
