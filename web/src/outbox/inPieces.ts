// The sending in pieces with its calls: a part of its own, fetched when something is to be sent.
import { putWhole } from "../api/calls";
import * as pieces from "../api/uploads";
import type { PhotoFacts } from "../api/uploads";
import { upload } from "./upload";

export const sendInPieces = (facts: PhotoFacts, bytes: Blob, onSent: (bytes: number) => void): Promise<void> =>
  upload(facts, bytes, { ...pieces, putWhole, now: () => Date.now() }, onSent);
