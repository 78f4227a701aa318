// How many issues there are of a kind, for the desk.
import { get } from "./request";
import type { Counts } from "./types";

export const countIssues = async (query: string): Promise<Counts> =>
  (await get<Counts>(`/issues/counts?${query}`)).body;
