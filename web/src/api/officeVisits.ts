// Visits 暗访记录 as the office reads them.
import { encodeQuery } from "./query";
import type { Query } from "./query";
import { get } from "./request";
import type { Schemas } from "./types";

export type VisitRow = Schemas["VisitRow"];
export type OfficeVisit = Schemas["OfficeVisit"];
export type ItemResult = Schemas["ItemResult"];
export type VisitQuery = Query<"/visits">;

export const readVisits = async (query: VisitQuery): Promise<{ items: VisitRow[]; next_cursor: string | null }> =>
  (await get<{ items: VisitRow[]; next_cursor: string | null }>(`/visits?${encodeQuery(query)}`)).body;
export const readVisit = async (id: string): Promise<OfficeVisit> => (await get<OfficeVisit>(`/visits/${id}`)).body;
