// Planning pages: where scores are lost, how points stand, schedules, needs, burden.
import { getItems } from "./items";
import { encodeQuery } from "./query";
import type { Query } from "./query";
import { get, request } from "./request";
import type { Schemas } from "./types";

export type GapMatrix = Schemas["GapMatrixView"];
export type GapCell = Schemas["GapCellView"];
export type Loss = Schemas["LossView"];
export type PointBoard = Schemas["BoardView"];
export type Standing = Schemas["PointStanding"];
export type Assessment = Schemas["AssessmentView"];
export type AssessmentBody = Schemas["Assessment"];
export type Schedule = Schemas["ScheduleView"];
export type ScheduleBody = Schemas["Schedule"];
export type Task = Schemas["TaskLightView"];
export type Light = Schemas["Light"];
export type Milestone = Schemas["MilestoneView"];
export type Needs = Schemas["NeedsView"];
export type Burden = Schemas["BurdenView"];
export type Areas = Schemas["AreasView"];
interface Paged<T> {
  items: T[];
  next_cursor: string | null;
}

const read = async <T>(path: string, query: object): Promise<T> => {
  const words = encodeQuery(query);
  return (await get<T>(words === "" ? path : `${path}?${words}`)).body;
};

export const readGaps = (query: Query<"/gap-matrix">) => read<GapMatrix>("/gap-matrix", query);
export const readLosses = (query: Query<"/gap-matrix/losses">) => read<Paged<Loss>>("/gap-matrix/losses", query);
export const readBoard = (query: Query<"/point-board">) => read<PointBoard>("/point-board", query);
export const readSchedules = (query: Query<"/schedules">) => read<Paged<Schedule>>("/schedules", query);
export const readMilestones = (query: Query<"/milestones">) => read<Paged<Milestone>>("/milestones", query);
export const readNeeds = (query: Query<"/needs">) => read<Needs>("/needs", query);
export const readBurden = (query: Query<"/burden">) => read<Burden>("/burden", query);
export const readAreas = (query: Query<"/figures/areas">) => read<Areas>("/figures/areas", query);
export const listAssessments = (): Promise<Assessment[]> => getItems("/assessments");

/** Keeps the effort of a cell; `null` forgets it. */
export const putEffort = async (item_code: string, point_type: string, effort: number | null): Promise<void> => {
  await request<void>("/gap-matrix/efforts", { method: "PUT", body: { item_code, point_type, effort } });
};

/** Keeps an assessment under an id of one's own, or changes the version that one has seen. */
export const putAssessment = async (id: string, body: AssessmentBody, version?: number): Promise<Assessment> =>
  (await request<Assessment>(`/assessments/${id}`, { method: "PUT", body, version })).body;

/** Withdraws what was entered by mistake, in the version that one has seen. */
export const withdrawPlanned = async (
  kind: "assessments" | "schedules",
  id: string,
  version: number,
): Promise<void> => {
  await request<void>(`/${kind}/${id}`, { method: "DELETE", version });
};

/** The same for a schedule, the progress of its tasks too. */
export const putSchedule = async (id: string, body: ScheduleBody, version?: number): Promise<Schedule> =>
  (await request<Schedule>(`/schedules/${id}`, { method: "PUT", body, version })).body;
