// Places that are not on the list of points; the office settles them.
import { getItems } from "./items";
import { request } from "./request";
import type { Schemas } from "./types";

export type UnlistedPlace = Schemas["UnlistedPlaceView"];
export type Listing = Schemas["ListingBody"];

/** Those that wait, the earliest first. */
export const listUnlistedPlaces = (): Promise<UnlistedPlace[]> => getItems("/unlisted-places");

/** Makes a point of it. The same again changes nothing. */
export const listAsPoint = async (id: string, body: Listing): Promise<UnlistedPlace> =>
  (await request<UnlistedPlace>(`/unlisted-places/${id}/point`, { method: "PUT", body })).body;

/** Adds it to a point that there is. The same again changes nothing. */
export const mergeInto = async (id: string, pointId: string): Promise<UnlistedPlace> =>
  (await request<UnlistedPlace>(`/unlisted-places/${id}/merge`, { method: "PUT", body: { point_id: pointId } })).body;
