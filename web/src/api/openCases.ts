// Faults that colleagues have reported at a place and that are still open.
import { getItems } from "./items";
import type { Schemas } from "./types";

export type OpenCases = Schemas["OpenCasesView"];

export const listOpenCases = (pointId: string): Promise<OpenCases[]> => getItems(`/points/${pointId}/open-cases`);
