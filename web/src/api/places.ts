// Changing one unit or one point by form.
import { get, request } from "./request";
import type { Place, Schemas, Unit } from "./types";

export type UnitBody = Schemas["UnitBody"];
export type PointBody = Schemas["PointBody"];
/** An object, and which version of it this is: a digest. */
export interface Seen<T> {
  body: T;
  version: string | undefined;
}

const seen = async <T>(path: string): Promise<Seen<T>> => {
  const answer = await get<T>(path);
  return { body: answer.body, version: answer.etag?.replace(/^W\/|"/g, "") };
};

export const readUnit = (id: string): Promise<Seen<Unit>> => seen(`/units/${id}`);
export const readPoint = (id: string): Promise<Seen<Place>> => seen(`/points/${id}`);

export const putUnit = async (id: string, body: UnitBody, version: string | undefined): Promise<void> => {
  await request<Unit>(`/units/${id}`, { method: "PUT", body, version });
};
export const putPoint = async (id: string, body: PointBody, version: string | undefined): Promise<void> => {
  await request<Place>(`/points/${id}`, { method: "PUT", body, version });
};
