// Inspectors who can be sent to a check.
import { get } from "./request";
import type { Schemas } from "./types";

export const listInspectors = async (): Promise<Schemas["Person"][]> =>
  (await get<{ items: Schemas["Person"][] }>("/inspectors")).body.items;
