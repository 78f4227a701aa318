// Points that are out of use.
import { getItems } from "./request";
import type { Place } from "./types";

/** Points that were taken out of use. */
export const listPointsOutOfUse = (): Promise<Place[]> => getItems("/points?active=false&limit=200");
