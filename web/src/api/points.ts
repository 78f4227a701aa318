// Points that are out of use.
import { PAGE_MAX } from "./limits";
import { encodeQuery } from "./query";
import type { Query } from "./query";
import { getItems } from "./items";
import type { Place } from "./types";

/** Points that were taken out of use. */
export const listPointsOutOfUse = (): Promise<Place[]> =>
  getItems(`/points?${pointQuery({ active: false, limit: PAGE_MAX })}`);

const pointQuery: (query: Query<"/points">) => string = encodeQuery;
