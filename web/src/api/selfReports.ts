// Faults that units found themselves 自查自改, and their own look-backs.
import { encodeQuery } from "./query";
import { get, request } from "./request";
import type { Page, Schemas } from "./types";

export type SelfReport = Schemas["SelfReportView"];
export type SelfReportState = Schemas["SelfReportState"];
export type OwnFix = Schemas["OwnFixView"];

/** In this state, or all, the latest first: of all units for the office, a unit's own. */
export const listSelfReports = async (state: SelfReportState | "", cursor: string | null): Promise<Page<SelfReport>> =>
  (await get<Page<SelfReport>>(`/self-reports?${encodeQuery({ state, cursor, limit: 50 })}`)).body;

/** Reports a fault under this id; the same again answers what is stored. */
export const putSelfReport = async (id: string, body: Schemas["NewSelfReport"]): Promise<SelfReport> =>
  (await request<SelfReport>(`/self-reports/${id}`, { method: "PUT", body })).body;

export const putSelfFix = async (id: string, body: Schemas["SelfFixBody"]): Promise<SelfReport> =>
  (await request<SelfReport>(`/self-reports/${id}/fix`, { method: "PUT", body })).body;

/** The office confirms or refuses it, once. */
export const decideSelfReport = async (id: string, body: Schemas["SelfDecisionBody"]): Promise<SelfReport> =>
  (await request<SelfReport>(`/self-reports/${id}/decision`, { method: "PUT", body })).body;

/** The own issues of the last 90 days that were closed. */
export const listOwnFixes = async (cursor: string | null): Promise<Page<OwnFix>> =>
  (await get<Page<OwnFix>>(`/own-look-backs?${encodeQuery({ cursor, limit: 50 })}`)).body;

/** Notes that the fix of this issue holds. */
export const noteHeld = async (issue: string): Promise<void> => {
  await request<null>(`/own-look-backs/${issue}`, { method: "PUT" });
};
