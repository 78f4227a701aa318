// Turns a visit into a record of the outbox.
import { VISIT_HOURS_MAX } from "../api/limits";
import type { VisitBody } from "../api/types";
import { changed, drain } from "../outbox/drain";
import type { ReportEntry, VisitEntry } from "../outbox/entry";
import { reportsIn } from "../outbox/visitEntry";
import { placeOf } from "../session/reference";
import { finishDraft } from "../store/drafts";
import type { VisitDraft } from "../store/records";
import { requestPersistence } from "../store/storageSpace";
import { photosOf, resultOf } from "./checklist";
import type { ItemReports } from "./checklist";

const LONGEST_MS = VISIT_HOURS_MAX * 3_600_000;

/** When the visit ended: with the last thing that was filled in or reported, however late it is saved. */
export function endOf(draft: VisitDraft, reports: ItemReports): number {
  const found = [...reports.values()].map((one) =>
    one.kind === "saved" ? Date.parse(one.entry.body.captured_at) : one.draft.createdAt,
  );
  return Math.max(draft.updatedAt, ...found);
}

/** Whether something was found longer after its beginning than a visit may last. */
export const isTooLong = (draft: VisitDraft, reports: ItemReports): boolean =>
  [...reports.values()].some(
    (one) => one.kind === "saved" && Date.parse(one.entry.body.captured_at) - draft.createdAt > LONGEST_MS,
  );

/** The record as the service takes it: the items of the checklist that were looked at, in its order. */
export function bodyOf(draft: VisitDraft, reports: ItemReports, codes: string[]): VisitBody {
  const { pointId, task, seen, interviews, location, nonce } = draft.fields;
  const end = Math.min(endOf(draft, reports), draft.createdAt + LONGEST_MS);
  return {
    point_id: pointId,
    task,
    began_at: new Date(draft.createdAt).toISOString(),
    ended_at: new Date(end).toISOString(),
    location,
    results: codes.flatMap((code): VisitBody["results"] => {
      const result = resultOf(draft, reports, code);
      if (!result) return [];
      const report = reports.get(code);
      const note = (seen[code]?.note ?? "").trim();
      if (result === "fails")
        return report?.kind === "saved"
          ? [{ item_code: code, result, note, issue: { id: report.entry.id, report: report.entry.body } }]
          : [];
      return [{ item_code: code, result, note, photo_ids: photosOf(draft, code).map(({ id }) => id) }];
    }),
    interviews,
    // A service that does not know it would refuse it.
    ...(nonce ? { capture_nonce: nonce } : {}),
  };
}

export function entryOf(draft: VisitDraft, reports: ItemReports, codes: string[], now: number): VisitEntry {
  const body = bodyOf(draft, reports, codes);
  // A photo of an item that turned out to fail, or to be none of this place, is part of nothing that is sent.
  const named = new Set(body.results.flatMap((one) => one.photo_ids ?? []));
  const entry: VisitEntry = {
    kind: "visit",
    id: draft.id,
    userId: draft.userId,
    issueId: draft.id,
    title: placeOf(draft.fields.pointId)?.name ?? draft.title,
    photos: draft.photos.filter(({ id }) => named.has(id)),
    sentPhotos: [],
    state: "waiting",
    attempts: 0,
    nextAt: 0,
    setback: null,
    receipt: null,
    createdAt: now,
    deliveredAt: null,
    isTried: false,
    isReceived: false,
    body,
    awaits: [],
  };
  return { ...entry, awaits: reportsIn(entry) };
}

/** Resolves when the visit and all bytes of its photos are saved. Sending starts by itself, behind its reports. */
export async function saveVisit(draft: VisitDraft, reports: ItemReports, codes: string[]): Promise<void> {
  await finishDraft(draft, (whole) => entryOf(whole, reports, codes, Date.now()));
  void changed().then(drain);
  void requestPersistence();
}

/** The reports of a visit that are in the outbox, as they stand. */
export const savedReports = (reports: ItemReports): ReportEntry[] =>
  [...reports.values()].flatMap((one) => (one.kind === "saved" ? [one.entry] : []));
