import { entries } from "../outbox/drain";
import { placeOf } from "../session/reference";
import type { VisitDraft } from "../store/records";
import { checklistOf, reportsOf, resultOf } from "./checklist";

/** How many items of the place were looked at, and of how many. */
export function progressOf(draft: VisitDraft): { done: number; count: number } {
  const place = placeOf(draft.fields.pointId);
  const items = place ? checklistOf(place) : [];
  const reports = reportsOf(draft.id, [], entries.value);
  return { done: items.filter(({ code }) => resultOf(draft, reports, code) !== null).length, count: items.length };
}
