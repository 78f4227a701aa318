// Files of unsent records, handed in by the office.
import { sendFile } from "./sendFile";
import type { OnSent, Sending } from "./sendFile";
import type { Action, ProblemCode } from "./types";

/** What became of a record in a packet. */
export interface PacketRecordResult {
  /** `null` if the record named none. */
  id: string | null;
  kind: "report" | "answer" | "visit";
  issue_id: string | null;
  action: Action | null;
  outcome: "taken" | "known" | "refused";
  missing_photos: string[];
  number: string | null;
  problem: { code: ProblemCode; title: string } | null;
}

export interface PacketResult {
  /** Without id and user name for an inspector whom a batch sent: `name` is the code name. */
  account: { id: string | null; username: string | null; name: string };
  is_complete: boolean;
  drafts: number;
  records: PacketRecordResult[];
}

/** Hands in a file of unsent records for the account that it names. */
export const sendPacket = (file: Blob, onSent: OnSent): Sending<PacketResult> =>
  sendFile("POST", "/packets", "text/plain", file, onSent);
