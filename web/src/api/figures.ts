// Figures: how the number of issues that the reader may see has developed, and how each unit stands.
import { encodeQuery } from "./query";
import type { Query } from "./query";
import { get } from "./request";
import type { Schemas } from "./types";

export type Figures = Schemas["FiguresView"];
export type Week = Schemas["WeekView"];
export type Situation = Schemas["SituationView"];
export type UnitFigures = Schemas["UnitFigures"];

export const figureQuery: (query: Query<"/figures">) => string = encodeQuery;

export const readFigures = async (query: string): Promise<Figures> => (await get<Figures>(`/figures?${query}`)).body;
