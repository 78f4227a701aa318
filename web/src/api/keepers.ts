// The accounts that may ask for the names behind code names.
import { getItems } from "./items";
import { request } from "./request";
import type { Schemas } from "./types";

export const listKeepers = (): Promise<Schemas["Person"][]> => getItems("/identity-keepers");

export const setKeeper = async (user: string, isKeeper: boolean): Promise<void> => {
  await request<void>(`/identity-keepers/${user}`, { method: isKeeper ? "PUT" : "DELETE" });
};
