// What an issue needs.
import { get, request } from "./request";
import type { Schemas } from "./types";

export type IssueNeeds = Schemas["IssueNeedsView"];

/** What an issue needs that its unit does not have. */
export const readIssueNeeds = async (issue: string): Promise<IssueNeeds> =>
  (await get<IssueNeeds>(`/issues/${issue}/needs`)).body;

/** Notes it, in place of what was noted before. */
export const putNeeds = async (issue: string, body: IssueNeeds): Promise<IssueNeeds> =>
  (await request<IssueNeeds>(`/issues/${issue}/needs`, { method: "PUT", body })).body;
