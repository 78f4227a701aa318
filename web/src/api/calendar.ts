// The working calendar.
import { get, request } from "./request";
import type { Schemas } from "./types";

export type Calendar = Schemas["CalendarView"];

export const readCalendar = async (): Promise<Calendar> => (await get<Calendar>("/calendar")).body;

export const changeHours = async (body: Schemas["HoursBody"]): Promise<Calendar> =>
  (await request<Calendar>("/calendar", { method: "PATCH", body })).body;
