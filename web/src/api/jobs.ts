// Background jobs that are stuck.
import { getItems } from "./items";
import { request } from "./request";
import type { Schemas } from "./types";

export type StuckJob = Schemas["StuckJobView"];

export const listStuckJobs = (): Promise<StuckJob[]> => getItems("/jobs/stuck");

export const retryJob = async (id: string): Promise<void> => {
  await request<void>(`/jobs/${id}/retry`, { method: "POST" });
};
