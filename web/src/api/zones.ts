// Zones where stalls are permitted.
import { getItems } from "./items";
import { request } from "./request";
import type { Schemas } from "./types";

export type KeptZone = Schemas["ZoneView"];
export type Zone = Schemas["PermittedZone"];

export const listZones = (): Promise<KeptZone[]> => getItems("/zones");

/** Draws a zone under an id of one's own, or changes the version that one has seen. */
export const putZone = async (id: string, body: Zone, version?: number): Promise<KeptZone> =>
  (await request<KeptZone>(`/zones/${id}`, { method: "PUT", body, version })).body;

export const removeZone = async (id: string, version: number): Promise<void> => {
  await request<void>(`/zones/${id}`, { method: "DELETE", version });
};
