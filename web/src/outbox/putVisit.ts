// Sends a visit. A module of its own, because only inspectors have visits.
import { putVisit as put } from "../api/putVisit";
import type { VisitEntry } from "./entry";
import type { Answered } from "./send";

export async function putVisit({ id, body, userId }: VisitEntry): Promise<Answered> {
  const { missing_photos: missing } = await put(id, body, userId);
  // Nothing becomes of a visit itself: its reports have states of their own.
  return { missing, receipt: { at: new Date().toISOString(), state: "submitted", version: 1, number: null } };
}
