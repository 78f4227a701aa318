// Hands in a visit. A file of its own: it is fetched with what sending may need at once.
import { request } from "./request";
import type { Schemas, VisitBody } from "./types";

/** Sending the same again returns what is stored. Its inspector is told no score. */
export const putVisit = async (id: string, visit: VisitBody, account: string): Promise<Schemas["InspectorVisit"]> =>
  (await request<Schemas["InspectorVisit"]>(`/visits/${id}`, { method: "PUT", body: visit, account })).body;
