// A visit as it begins.
import { placeOf } from "../session/reference";
import type { VisitDraft } from "../store/records";

/** With the point of the address, and the task if it names one; without one it is a sudden visit. */
export function begunVisit(id: string, userId: string, query: URLSearchParams, at: number): VisitDraft {
  const pointId = query.get("point") ?? "";
  const [batch, number] = [query.get("batch"), Number(query.get("number"))];
  return {
    kind: "visit",
    id,
    userId,
    issueId: id,
    title: placeOf(pointId)?.name ?? "",
    fields: {
      pointId,
      task: batch && number > 0 ? { batch_id: batch, number } : null,
      seen: {},
      interviews: [],
      location: null,
    },
    photos: [],
    createdAt: at,
    updatedAt: at,
  };
}

/** Whether anything was filled in: a form that was only opened is no visit. */
export const hasBegun = ({ fields, photos }: VisitDraft): boolean =>
  Object.keys(fields.seen).length + fields.interviews.length + photos.length > 0;
