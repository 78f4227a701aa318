// Batches of visits 暗访批次: their plans, steps and draws, and what may be read of them.
import { getItems } from "./items";
import { get, request } from "./request";
import type { OfficeIssue, Schemas } from "./types";

export type Batch = Schemas["BatchView"];
export type BatchState = Schemas["BatchState"];
export type BatchAction = Schemas["BatchAction"];
export type BatchEvent = Schemas["BatchEventView"];
export type Plan = Schemas["BatchPlan"];
export type Slot = Schemas["DrawSlot"];
export type SlotKind = Schemas["SlotKind"];
export type Quota = Schemas["DrawQuota"];
export type Forecast = Schemas["ForecastView"];
export type ForecastRange = Schemas["ForecastRange"];
export type DrawRow = Schemas["DrawRow"];
export interface Paged<T> {
  items: T[];
  next_cursor: string | null;
}
/** A draw as far as it may be known; its proof is a file of its own, see docs/DRAW.md. */
export interface Draw {
  commitments: { attempt: number; commitment_sha256: string }[];
  proof: unknown;
}

const after = (cursor: string | null): string => (cursor === null ? "" : `&cursor=${cursor}`);

/** Batches, the latest first. */
export const readBatches = async (cursor: string | null): Promise<Paged<Batch>> =>
  (await get<Paged<Batch>>(`/batches?limit=100${after(cursor)}`)).body;
export const readBatch = async (id: string): Promise<Batch> => (await get<Batch>(`/batches/${id}`)).body;

/** Drafts a batch under an id of one's own, or changes the plan of the version that one has seen. */
export const putPlan = async (id: string, body: Plan, version?: number): Promise<Batch> =>
  (await request<Batch>(`/batches/${id}`, { method: "PUT", body, version })).body;

/** Takes a step on the version that one has seen. With the same key it is taken once, however often it is sent. */
export const takeBatchStep = async (
  { id, version }: Pick<Batch, "id" | "version">,
  action: BatchAction,
  body: object,
  key: string,
): Promise<Batch> =>
  // A draw over 20,000 points takes its seconds.
  (await request<Batch>(`/batches/${id}/actions/${action}`, { method: "POST", body, version, key, waitMs: 60_000 }))
    .body;

export const listBatchEvents = (id: string): Promise<BatchEvent[]> => getItems(`/batches/${id}/events`);
export const listBatchIssues = (id: string): Promise<OfficeIssue[]> => getItems(`/batches/${id}/issues`);
export const readForecast = async (id: string): Promise<Forecast> =>
  (await get<Forecast>(`/batches/${id}/forecast`)).body;

/** Batches whose draws were committed to, the latest first; the discipline inspection reads them, too. */
export const readDraws = async (cursor: string | null): Promise<Paged<DrawRow>> =>
  (await get<Paged<DrawRow>>(`/draws?limit=50${after(cursor)}`)).body;
export const readDraw = async (id: string): Promise<Draw> => (await get<Draw>(`/batches/${id}/draw`)).body;
