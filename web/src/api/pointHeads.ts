// Who answers for each point, and which points nobody answers for.
import { getItems } from "./items";
import { encodeQuery } from "./query";
import { get, request } from "./request";
import type { Schemas } from "./types";

export type HeadTerm = Schemas["HeadTermView"];
export type HeadedPoint = Schemas["HeadedPointView"];
export type Vacancies = Schemas["VacanciesView"];
export type Vacancy = Schemas["VacancyView"];

/** All heads of a point, the first first. */
export const readHeads = (point: string): Promise<HeadTerm[]> => getItems(`/points/${point}/heads`);

/** Names a head from a day on, or changes the end of the term that begins then. */
export const putHead = async (point: string, from: string, body: Schemas["HeadBody"]): Promise<HeadTerm[]> =>
  (await request<{ items: HeadTerm[] }>(`/points/${point}/heads/${from}`, { method: "PUT", body })).body.items;

/** Withdraws an appointment that has not begun. */
export const removeHead = async (point: string, from: string): Promise<void> => {
  await request<void>(`/points/${point}/heads/${from}`, { method: "DELETE" });
};

/** The points of a person. */
export const readPointsOf = async (person: string, cursor: string | null) =>
  (await get<{ items: HeadedPoint[]; next_cursor: string | null }>(`/point-heads?${encodeQuery({ person, cursor })}`))
    .body;

/** The points without a head. */
export const readVacancies = async (cursor: string | null): Promise<Vacancies> =>
  (await get<Vacancies>(`/point-vacancies?${encodeQuery({ limit: 50, cursor })}`)).body;
