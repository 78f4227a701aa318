// What every phone keeps of the county, and who answers for what.
import { get } from "./request";
import type { ApiResponse } from "./request";
import type { Reference, Schemas } from "./types";

export const readReference = (etag?: string): Promise<ApiResponse<Reference>> => get<Reference>("/reference", etag);

export const listInspectors = async (): Promise<Schemas["Person"][]> =>
  (await get<{ items: Schemas["Person"][] }>("/inspectors")).body.items;

export type Responsible = Schemas["ResponsibleView"];
/** Who answers for an item at a point today, by the division of duties. */
export const readResponsible = async (pointId: string, itemCode: string): Promise<Schemas["ResponsibleView"]> =>
  (await get<Schemas["ResponsibleView"]>(`/points/${pointId}/responsible?item=${encodeURIComponent(itemCode)}`)).body;
