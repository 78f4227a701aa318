// Counts of issues, for pages at a desk.
import { get } from "./request";
import type { Counts } from "./types";

export const countIssues = async (query: string): Promise<Counts> =>
  (await get<Counts>(`/issues/counts?${query}`)).body;
