// What county leaders are paired with, and their notes on it.
import { getItems } from "./items";
import { encodeQuery } from "./query";
import { get, request } from "./request";
import type { Page, Schemas } from "./types";

export type OwnPairing = Schemas["OwnPairingView"];
export type LeaderNote = Schemas["LeaderNoteView"];
export type LeaderNoteBody = Schemas["LeaderNoteBody"];

/** What the leader is paired with, and how it stands. */
export const listOwnPairings = (): Promise<OwnPairing[]> => getItems("/own-pairings");

/** Notes, the latest first: all that one may read, or those about an issue. */
export const listLeaderNotes = async (issue: string | null, cursor: string | null): Promise<Page<LeaderNote>> =>
  (await get<Page<LeaderNote>>(`/leader-notes?${encodeQuery({ issue_id: issue, cursor, limit: 50 })}`)).body;

/** Keeps a note; the same again with the same id is kept once. */
export const putLeaderNote = async (id: string, body: LeaderNoteBody): Promise<LeaderNote> =>
  (await request<LeaderNote>(`/leader-notes/${id}`, { method: "PUT", body })).body;
