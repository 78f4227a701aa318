// One's own visits, and the tasks whose time has come.
import { getItems } from "./items";
import { request } from "./request";
import type { Schemas, VisitTask } from "./types";

export const listTasks = (): Promise<VisitTask[]> => getItems("/tasks");

export const readVisit = async (id: string, account: string): Promise<Schemas["InspectorVisit"]> =>
  (await request<Schemas["InspectorVisit"]>(`/visits/${id}`, { account })).body;
