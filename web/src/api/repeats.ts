// Visits that were made again without anybody knowing which.
import { get } from "./request";
import type { Schemas } from "./types";

export type Repeats = Schemas["RepeatsView"];
export type RepeatShare = Schemas["RepeatShare"];

export const readRepeats = async (months: number): Promise<Repeats> =>
  (await get<Repeats>(`/repeat-visits?months=${months}`)).body;
