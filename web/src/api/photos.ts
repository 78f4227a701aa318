// Photos: where they are, and sending one whole.
import { putPhoto } from "./request";
import type { PhotoReceipt } from "./types";
import type { PhotoFacts } from "./uploads";

/** Sends a photo in one piece. */
export const putWhole = (
  { id, sha256 }: PhotoFacts,
  bytes: Blob,
  account: string,
  onSent: (bytes: number) => void,
): Promise<PhotoReceipt> => putPhoto<PhotoReceipt>(`/photos/${id}`, bytes, sha256, account, onSent);

export const photoPath = (id: string, variant: "thumb" | "view" | "original"): string => `/photos/${id}/${variant}`;

export const photoUrl = (id: string, variant: "thumb" | "view" | "original"): string =>
  `/api/v1${photoPath(id, variant)}`;
