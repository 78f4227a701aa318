// What a visit looks at and what is still missing of it. Pure, but for the reference data.
import type { Item, ItemResult, Place } from "../api/types";
import type { OutboxEntry, ReportEntry } from "../outbox/entry";
import { fromPairs } from "../keysOf";
import { fitsPlace } from "../session/fitting";
import { itemOf, reference } from "../session/reference";
import type { Draft, ReportDraft, Seen, VisitDraft } from "../store/records";

/** In the order of the buttons. */
export const RESULTS: Record<ItemResult, true> = { conforms: true, mostly: true, fails: true, "not-applicable": true };

/** Every item of places of this type, whatever the campaign: what is seen once serves them all. */
export const checklistOf = (place: Place): Item[] =>
  (reference.value?.items ?? []).filter((item) => fitsPlace(item, place));

/** The report of an item that fails: being written, or in the outbox. */
export type ItemReport = { kind: "draft"; draft: ReportDraft } | { kind: "saved"; entry: ReportEntry };
export type ItemReports = Map<string, ItemReport>;

/** The reports that name the visit, by their item. What is being written comes before what was saved earlier. */
export function reportsOf(visitId: string, drafts: Draft[], entries: OutboxEntry[]): ItemReports {
  const found: ItemReports = new Map();
  for (const entry of [...entries].sort((a, b) => a.createdAt - b.createdAt))
    if (entry.kind === "report" && entry.body.visit_id === visitId)
      found.set(entry.body.item_code, { kind: "saved", entry });
  for (const draft of drafts)
    if (draft.kind === "report" && draft.fields.visitId === visitId && draft.fields.itemCode)
      found.set(draft.fields.itemCode, { kind: "draft", draft });
  return found;
}

/** The result of an item; one that was reported fails, whatever the form remembers. */
export const resultOf = (draft: VisitDraft, reports: ItemReports, code: string): ItemResult | null =>
  reports.has(code) ? "fails" : (draft.fields.seen[code]?.result ?? null);

const hasNote = (draft: VisitDraft, code: string): boolean => (draft.fields.seen[code]?.note ?? "").trim() !== "";
export const photosOf = (draft: VisitDraft, code: string) => draft.photos.filter((photo) => photo.item === code);

/** Whether the item has to be shown on a photo, also where it conforms, and is not yet. */
export const wantsPhoto = (draft: VisitDraft, code: string): boolean =>
  itemOf(code)?.photo_required === true && photosOf(draft, code).length === 0;

/** The items that still want a photo: what fails is shown by its report, and what does not apply cannot be shown. */
export const photosLeft = (draft: VisitDraft, reports: ItemReports, codes: string[]): string[] =>
  codes.filter((code) => {
    const result = resultOf(draft, reports, code);
    return result !== "fails" && result !== "not-applicable" && wantsPhoto(draft, code);
  });

export type VisitFault = "report" | "note" | "noteOrPhoto" | "photo";

/** What the service would refuse about an item. */
export function faultOf(draft: VisitDraft, reports: ItemReports, code: string): VisitFault | null {
  switch (resultOf(draft, reports, code)) {
    case "fails":
      return reports.get(code)?.kind === "saved" ? null : "report";
    case "mostly":
      if (wantsPhoto(draft, code)) return "photo";
      return hasNote(draft, code) || photosOf(draft, code).length > 0 ? null : "noteOrPhoto";
    case "not-applicable":
      return hasNote(draft, code) ? null : "note";
    case "conforms":
      return wantsPhoto(draft, code) ? "photo" : null;
    case null:
      return null;
  }
}

/** Everything that is not filled in yet conforms, but for what still has to be shown on a photo. */
export function withAllConforming(draft: VisitDraft, codes: string[]): VisitDraft {
  const { seen } = draft.fields;
  const rest = codes
    .filter((code) => !seen[code] && !wantsPhoto(draft, code))
    .map((code): [string, Seen] => [code, { result: "conforms", note: "" }]);
  return { ...draft, fields: { ...draft.fields, seen: { ...seen, ...fromPairs(rest) } } };
}

/** The item with this result; its note stays, for another result may need the same words. */
export const withResult = (draft: VisitDraft, code: string, result: ItemResult): VisitDraft => {
  const { seen } = draft.fields;
  return {
    ...draft,
    fields: { ...draft.fields, seen: { ...seen, [code]: { note: seen[code]?.note ?? "", result } } },
  };
};

/** The item as if it had never been looked at. */
export const withoutResult = (draft: VisitDraft, code: string): VisitDraft => {
  // Left out, and not deleted: what another window has filled in is merged by what differs.
  const seen = { ...draft.fields.seen, [code]: undefined };
  return { ...draft, fields: { ...draft.fields, seen } };
};
