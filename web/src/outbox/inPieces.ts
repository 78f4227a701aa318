// Uploading in pieces with the real calls. A module of its own, loaded when something is sent.
import { putWhole } from "../api/putWhole";
import * as pieces from "../api/uploads";
import type { PhotoFacts } from "../api/uploads";
import { upload } from "./upload";

/** Every call names the account. */
export const sendInPieces = (
  facts: PhotoFacts,
  bytes: Blob,
  account: string,
  onSent: (bytes: number) => void,
): Promise<void> =>
  upload(
    facts,
    bytes,
    {
      begin: (photo, piece) => pieces.begin(photo, piece, account),
      stand: (id) => pieces.stand(id, account),
      append: (id, offset, piece) => pieces.append(id, offset, piece, account),
      putWhole: (photo, all, sent) => putWhole(photo, all, account, sent),
      now: () => Date.now(),
    },
    onSent,
  );
