// Asks which unit is responsible for what.
import { get } from "./request";
import type { Schemas } from "./types";

export type Responsible = Schemas["ResponsibleView"];
/** Who answers for an item at a point today, by the division of duties. */
export const readResponsible = async (pointId: string, itemCode: string): Promise<Schemas["ResponsibleView"]> =>
  (await get<Schemas["ResponsibleView"]>(`/points/${pointId}/responsible?item=${encodeURIComponent(itemCode)}`)).body;
