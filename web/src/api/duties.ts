// The division of duties.
import { getItems } from "./items";
import type { Schemas } from "./types";

export type Duty = Schemas["DutyView"];

export const listDuties = (): Promise<Duty[]> => getItems("/duties");
