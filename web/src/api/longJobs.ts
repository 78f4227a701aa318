// Long jobs: asked for, followed, and their result fetched, by their owner alone.
import { getItems } from "./items";
import { BASE, get, request } from "./request";
import type { Schemas } from "./types";

export type LongJob = Schemas["LongJobView"];

export type SheetFormat = Schemas["SheetFormat"];
/** How a sheet is to be written; only a workbook has pictures. */
export type SheetForm = Pick<Required<Schemas["LongJobBody"]>, "format" | "pictures">;

/** One's own, latest first. */
export const listLongJobs = (): Promise<LongJob[]> => getItems("/long-jobs");

export const readLongJob = async (id: string): Promise<LongJob> => (await get<LongJob>(`/long-jobs/${id}`)).body;

/** Asks for the list that `query` of `GET /issues` shows, as a sheet. The same id again asks for nothing new. */
export const askForSheet = async (id: string, query: string, form: SheetForm): Promise<LongJob> =>
  (await request<LongJob>(`/long-jobs/${id}`, { method: "PUT", body: { kind: "issue-list", query, ...form } })).body;

/** Cancels one that goes on; forgets one that has ended. */
export const dropLongJob = async (id: string): Promise<void> => {
  await request<void>(`/long-jobs/${id}`, { method: "DELETE" });
};

export const resultAddress = (id: string): string => `${BASE}/long-jobs/${id}/file`;
