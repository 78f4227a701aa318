// Turns a record back into a draft. Pure.
import { formOf, isAnswerAction } from "../answer/forms";
import type { Location, Remedy, Severity } from "../api/types";
import { fromPairs } from "../keysOf";
import { newAnswerDraft } from "../store/drafts";
import type { AnswerDraft, PhotoRef, ReportDraft, VisitDraft } from "../store/records";
import type { ReopenedDraft } from "../store/reopen";
import { fromBody } from "../store/reportFields";
import type { AnswerEntry, OutboxEntry, ReportEntry, VisitEntry } from "./entry";

/**
 * A record that was never sent keeps its id. Otherwise it gets a new one: the service or a proxy may know the old id,
 * and answers for it must not be applied to something else.
 */
export function toDraft(entry: OutboxEntry, newId: () => string, now: number): ReopenedDraft {
  if (entry.kind === "visit") return { draft: visitDraft(entry, now), photoIds: new Map() };
  const isFresh = entry.isTried === false;
  const id = isFresh ? entry.id : newId();
  const photoIds = new Map(needsNewPhotos(entry) ? entry.photos.map((photo) => [photo.id, newId()]) : []);
  const photos = entry.photos.map((photo) => ({ ...photo, id: photoIds.get(photo.id) ?? photo.id }));
  const refused = entry.setback?.photoId;
  return {
    draft: {
      ...(entry.kind === "report" ? reportDraft(entry, id, photos, now) : answerDraft(entry, id, photos, now)),
      replaces: [entry.id, ...(entry.replaces ?? [])],
      ...(refused ? { refusedPhoto: photoIds.get(refused) ?? refused } : {}),
    },
    photoIds,
  };
}

/**
 * Photos that the service is waiting for would complete the old report, and ids that name something else there would
 * be refused again: these get new ids. All others keep their ids and what has been sent.
 */
function needsNewPhotos(entry: OutboxEntry): boolean {
  if (entry.isTried === false) return false;
  return entry.setback?.code === "id-reused" || (entry.kind === "report" && entry.isReceived !== false);
}

/**
 * It keeps its id, which its reports name, and is only taken back where the service has nothing of it. What fails is
 * found by its report.
 */
function visitDraft({ id, userId, title, photos, body, setback }: VisitEntry, now: number): VisitDraft {
  const refused = setback?.photoId;
  return {
    kind: "visit",
    id,
    userId,
    issueId: id,
    title,
    photos,
    createdAt: Date.parse(body.began_at),
    updatedAt: now,
    fields: {
      pointId: body.point_id,
      task: body.task ?? null,
      seen: fromPairs(body.results.map(({ item_code, result, note }) => [item_code, { result, note: note ?? "" }])),
      interviews: body.interviews ?? [],
      location: body.location ?? null,
      nonce: body.capture_nonce ?? null,
    },
    ...(refused ? { refusedPhoto: refused } : {}),
  };
}

function reportDraft(entry: ReportEntry, id: string, photos: PhotoRef[], now: number): ReportDraft {
  const { userId, title, body } = entry;
  // A number that the service has with the old report would be called used twice.
  const isSpent = entry.isTried !== false && entry.isReceived !== false;
  const fields = { ...fromBody(body), ...(isSpent ? { nonce: null } : {}) };
  // Keeps the time of the finding.
  return {
    kind: "report",
    id,
    userId,
    issueId: id,
    title,
    fields,
    photos,
    createdAt: Date.parse(body.captured_at),
    updatedAt: now,
  };
}

function answerDraft(entry: AnswerEntry, entryId: string, photos: PhotoRef[], now: number): AnswerDraft {
  const { userId, issueId, title, action, version, body } = entry;
  const draft = newAnswerDraft({ userId, issueId, title, action, version, entryId }, now);
  const text = isAnswerAction(action) ? formOf(action).text?.name : undefined;
  const said = body as {
    remedy?: Remedy;
    handler?: string;
    proposed_unit_id?: string;
    until?: string;
    on_site?: boolean;
    held?: boolean;
    item_code?: string;
    severity?: Severity;
    location?: Location;
    plan?: { milestone: string; due: string }[];
  };
  const fields = {
    text: text === undefined ? "" : String(body[text] ?? ""),
    remedy: said.remedy ?? null,
    handler: said.handler ?? "",
    unitId: said.proposed_unit_id ?? null,
    until: said.until ?? null,
    onSite: said.on_site ?? true,
    held: said.held ?? null,
    itemCode: said.item_code ?? null,
    severity: said.severity ?? null,
    ...(said.plan ? { plan: said.plan.map(({ milestone, due }) => ({ text: milestone, due })) } : {}),
  };
  return { ...draft, fields, photos };
}
