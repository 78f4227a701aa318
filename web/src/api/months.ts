// The months 月评: what is read, and the steps that are taken.
import { getItems } from "./items";
import { get, request } from "./request";
import type { Schemas } from "./types";

export type Month = Schemas["MonthView"];
export type MonthState = Schemas["MonthState"];
export type MonthAction = Schemas["MonthAction"];
export type Objection = Schemas["ObjectionView"];
export type Ranking = Schemas["MonthRanking"];
export type RankedUnit = Schemas["RankedUnit"];
export type Scorecard = Schemas["Scorecard"];
export type Figure = Schemas["MonthFigure"];
export type Row = Schemas["MonthRow"];
export type FigureRows = Schemas["FigureRowsView"];
export type Rules = Schemas["MonthRules"];
export type KeptRules = Schemas["MonthRulesView"];
export type UnitGroup = Schemas["UnitGroupView"];
export type Adjustment = Schemas["AdjustmentView"];
export type Commendation = Schemas["CommendationView"];
export type Ledger = Schemas["LedgerView"];
export type LedgerEntry = Schemas["LedgerEntryView"];
export type EntryAction = Schemas["EntryAction"];
export type StandingPoint = Schemas["StandingPoint"];
export type YearScore = Schemas["YearScoreView"];

export const listMonths = (): Promise<Month[]> => getItems("/months");
export const readMonth = async (month: string): Promise<Month> => (await get<Month>(`/months/${month}`)).body;
export const readRanking = async (month: string): Promise<Ranking> =>
  (await get<Ranking>(`/months/${month}/ranking`)).body;
export const listBoard = (month: string): Promise<StandingPoint[]> => getItems(`/months/${month}/board`);
export const readScorecard = async (month: string, unit: string): Promise<Scorecard> =>
  (await get<Scorecard>(`/months/${month}/units/${unit}`)).body;

/** The rows behind a figure, `limit` from `cursor` on. */
export const readFigure = async (
  month: string,
  unit: string,
  metric: string,
  limit: number,
  cursor: number | null,
): Promise<FigureRows> => {
  const from = cursor === null ? "" : `&cursor=${cursor}`;
  return (await get<FigureRows>(`/months/${month}/units/${unit}/figures/${metric}?limit=${limit}${from}`)).body;
};

/** Computing the results of a county may take some time. */
const STEP_WAIT_MS = 60_000;

/** Takes a step of a month as it was last seen. */
export const takeMonthStep = async (
  { month, version }: Pick<Month, "month" | "version">,
  action: MonthAction,
  body: object,
): Promise<Month> =>
  (await request<Month>(`/months/${month}/actions/${action}`, { method: "POST", body, version, waitMs: STEP_WAIT_MS }))
    .body;

/** Objects to a row, or to the score as a whole. The same again under the same id changes nothing. */
export const putObjection = async (
  month: string,
  id: string,
  body: { row?: { kind: Row["kind"]; id: string }; reason: string },
): Promise<Month> => (await request<Month>(`/months/${month}/objections/${id}`, { method: "PUT", body })).body;

export const listRules = (): Promise<KeptRules[]> => getItems("/month-rules");
export const putRules = async (rules: Rules, source: string): Promise<KeptRules> =>
  (await request<KeptRules>(`/month-rules/${rules.version}`, { method: "PUT", body: { rules, source } })).body;

export const listGroups = (): Promise<UnitGroup[]> => getItems("/unit-groups");
export const putGroup = async (unit: string, body: Schemas["UnitGroupBody"]): Promise<UnitGroup> =>
  (await request<UnitGroup>(`/unit-groups/${unit}`, { method: "PUT", body })).body;

export const listAdjustments = (month: string): Promise<Adjustment[]> => getItems(`/month-adjustments?month=${month}`);
export const putAdjustment = async (id: string, body: Schemas["AdjustmentBody"]): Promise<Adjustment> =>
  (await request<Adjustment>(`/month-adjustments/${id}`, { method: "PUT", body })).body;

export const listCommendations = (month: string): Promise<Commendation[]> => getItems(`/commendations?month=${month}`);
export const putCommendation = async (id: string, body: Schemas["CommendationBody"]): Promise<Commendation> =>
  (await request<Commendation>(`/commendations/${id}`, { method: "PUT", body })).body;

export const readLedger = async (month: string): Promise<Ledger> => (await get<Ledger>(`/ledger?month=${month}`)).body;
export const takeEntryStep = async (
  { id, version }: Pick<LedgerEntry, "id" | "version">,
  action: EntryAction,
  body: object,
): Promise<LedgerEntry> =>
  (await request<LedgerEntry>(`/ledger/${id}/actions/${action}`, { method: "POST", body, version })).body;

export const listYearScores = (year: string): Promise<YearScore[]> => getItems(`/year-scores/${year}`);
export const putYearAdjustment = async (id: string, body: Schemas["YearAdjustmentBody"]): Promise<void> => {
  await request(`/year-adjustments/${id}`, { method: "PUT", body });
};
