// The picture under the map.
import { request } from "./request";
import { sendFile } from "./sendFile";
import type { OnSent, Sending } from "./sendFile";
import type { Schemas } from "./types";

export type MapImage = Schemas["MapImageView"];

export type Placement = Schemas["PlacementBody"];

export const placeMapImage = async (body: Placement): Promise<MapImage> =>
  (await request<MapImage>("/map/image", { method: "PATCH", body })).body;

export const removeMapImage = async (): Promise<void> => {
  await request<void>("/map/image", { method: "DELETE" });
};

/** Puts a picture under the map. */
export const sendMapImage = (file: Blob, { corners, crs }: Placement, onSent: OnSent): Sending<MapImage> =>
  sendFile(
    "PUT",
    `/map/image?corners=${corners.flat().join(",")}&crs=${crs}`,
    file.type || "application/octet-stream",
    file,
    onSent,
  );
