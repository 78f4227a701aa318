// Points that are out of use.
import { encodeQuery } from "./query";
import type { Query } from "./query";
import { getItems } from "./items";
import type { Place } from "./types";

/** Points that were taken out of use. */
export const listPointsOutOfUse = (): Promise<Place[]> =>
  getItems(`/points?${pointQuery({ active: false, limit: 200 })}`);

const pointQuery: (query: Query<"/points">) => string = encodeQuery;
