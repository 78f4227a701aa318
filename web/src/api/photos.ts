// Photos: where they are, and how one is sent when nothing better is there.
import { request } from "./request";

/** Longest wait for a whole photo, in milliseconds. */
const PHOTO_WAIT_MS = 10 * 60_000;

/** Sends a photo in one request, without telling how far it is. `putWhole.ts` and `uploads.ts` do it better. */
export const putPlainly = (id: string, bytes: Blob, account: string): Promise<unknown> =>
  request(`/photos/${id}`, { method: "PUT", body: bytes, account, waitMs: PHOTO_WAIT_MS });

export const photoPath = (id: string, variant: "thumb" | "view" | "original"): string => `/photos/${id}/${variant}`;

export const photoUrl = (id: string, variant: "thumb" | "view" | "original"): string =>
  `/api/v1${photoPath(id, variant)}`;
