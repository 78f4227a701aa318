import { withDatabase, write } from "./database";
import type { Writing } from "./database";
import { dropMirror } from "./draftMirror";
import { mergedDraft } from "./mergeDraft";
import { markOpen, unmarkOpen } from "./markOpen";
import type { AnswerDraft, Draft, PhotoRef, ReportDraft, StoredPhoto } from "./records";
import { followReport } from "./followReport";
import { newFields } from "./reportFields";
import type { Action } from "../api/types";
import type { OutboxEntry } from "../outbox/entry";
export { listDrafts } from "./draftList";

/** 256 KiB: small enough for a web view to copy, large enough for few rows. */
export const CHUNK_BYTES = 256 * 1024;

export const readDraft = (id: string): Promise<Draft | undefined> => withDatabase((db) => db.get("drafts", id));

/** What exists under a form's id: the person's draft, somebody else's, or the record it became. */
export async function findDraft(id: string, userId: string): Promise<Draft | "others" | "finished" | undefined> {
  const kept = await readDraft(id);
  if (kept) return kept.userId === userId ? kept : "others";
  // A new draft with this id would never be sent.
  if (await withDatabase((db) => db.getKey("outbox", id))) return "finished";
  // Older apps used ids without the account; such a draft keeps its old id.
  const old = id.startsWith(`${userId}/`) ? await readDraft(id.slice(userId.length + 1)) : undefined;
  return old?.userId === userId ? old : undefined;
}

/** Two people of one unit may answer the same issue on the same phone. */
export const answerDraftId = (userId: string, issueId: string, action: Action): string =>
  `${userId}/${issueId}/${action}`;

/** Somebody else's draft has this id and is not overwritten. */
export class OthersDraft extends Error {}

/** The draft has become a record, for example in another window. */
export class DraftFinished extends Error {}

/**
 * Saves the fields that were changed since `base`, or all without one, and with an `address` that the form is open
 * there. Photos are only changed by `addPhoto` and `removePhoto`. A draft that became a record stays one. Returns the
 * draft as it is kept now, with what other windows have changed.
 */
export const writeDraft = <D extends Draft>(draft: D, address: string | null = null, base?: D): Promise<D> =>
  write(["drafts", "outbox", "meta"], async (tx) => {
    const next = await presentOf(tx, draft, base);
    await tx.objectStore("drafts").put(next);
    if (address !== null) await markOpen(tx, draft.id, address);
    return next;
  });

/** The record that the draft becomes. */
export const entryIdOf = (draft: Draft): string => (draft.kind === "answer" ? (draft.entryId ?? draft.id) : draft.id);

/** The saved photos with the view and marks of the form. */
function asShown(kept: PhotoRef[], shown: PhotoRef[]): PhotoRef[] {
  return kept.map((photo) => {
    const now = shown.find((one) => one.id === photo.id);
    return now ? { ...photo, view: now.view, ...(now.marks ? { marks: now.marks } : {}) } : photo;
  });
}

/** A draft that may still be changed, as it is to be kept. */
async function presentOf<D extends Draft>(tx: Writing, draft: D, base: D | undefined): Promise<D> {
  if ((await tx.objectStore("outbox").getKey(entryIdOf(draft))) !== undefined) throw new DraftFinished();
  const kept = (await tx.objectStore("drafts").get(draft.id)) as D | undefined;
  if (!kept) return draft;
  if (kept.userId !== draft.userId) throw new OthersDraft();
  return base ? mergedDraft(kept, draft, base) : { ...draft, photos: asShown(kept.photos, draft.photos) };
}

/** Saves a photo and its draft in one transaction; photos that were added meanwhile stay. */
export function addPhoto<D extends Draft>(
  draft: D,
  ref: PhotoRef,
  photo: StoredPhoto,
  bytes: ArrayBuffer,
  address: string | null = null,
  base?: D,
): Promise<D> {
  return write(["drafts", "outbox", "photos", "chunks", "meta"], async (tx) => {
    const next = withPhoto(await presentOf(tx, draft, base), ref);
    const chunks = tx.objectStore("chunks");
    const puts: Promise<unknown>[] = [];
    for (let at = 0, index = 0; at < bytes.byteLength; at += CHUNK_BYTES, index += 1) {
      puts.push(chunks.put(bytes.slice(at, at + CHUNK_BYTES), [photo.id, index]));
    }
    puts.push(tx.objectStore("photos").put(photo), tx.objectStore("drafts").put(next));
    if (address !== null) puts.push(markOpen(tx, draft.id, address));
    await Promise.all(puts);
    return next;
  });
}

export function removePhoto<D extends Draft>(draft: D, id: string, base?: D): Promise<D> {
  return write(["drafts", "outbox", "photos", "chunks"], async (tx) => {
    const next = withoutPhoto(await presentOf(tx, draft, base), id);
    await Promise.all([
      tx.objectStore("photos").delete(id),
      tx.objectStore("chunks").delete(IDBKeyRange.bound([id, 0], [id, Infinity])),
      tx.objectStore("drafts").put(next),
    ]);
    return next;
  });
}

export async function discardDraft(draft: Draft): Promise<void> {
  await write(["drafts", "outbox", "photos", "chunks", "meta"], async (tx) => {
    // The photos of a record that another window made stay; photos that another window added go.
    if ((await tx.objectStore("outbox").getKey(entryIdOf(draft))) !== undefined) return;
    const kept = (await tx.objectStore("drafts").get(draft.id)) ?? draft;
    await unmarkOpen(tx, draft.id);
    await Promise.all(
      kept.photos.flatMap((photo) => [
        tx.objectStore("photos").delete(photo.id),
        tx.objectStore("chunks").delete(IDBKeyRange.bound([photo.id, 0], [photo.id, Infinity])),
      ]),
    );
    await tx.objectStore("drafts").delete(draft.id);
  });
  dropMirror(draft.id);
}

/** Thrown when bytes of a photo are not on this device, whatever the draft says. */
export class PhotoLost extends Error {
  readonly photoId: string;
  constructor(photoId: string) {
    super("photo bytes are missing");
    this.name = "PhotoLost";
    this.photoId = photoId;
  }
}

/**
 * Turns a draft into the record that `entryOf` makes, in one transaction. It takes every saved photo of the draft,
 * whatever the form knows. A second call, by a double tap or from another tab, changes nothing.
 */
export async function finishDraft<D extends Draft>(draft: D, entryOf: (draft: D) => OutboxEntry): Promise<void> {
  await write(["drafts", "outbox", "photos", "chunks", "meta"], async (tx) => {
    if ((await tx.objectStore("outbox").getKey(entryIdOf(draft))) !== undefined) return;
    const { photos } = await presentOf(tx, draft, undefined);
    const complete = await Promise.all(
      photos.map((photo) =>
        isComplete(tx.objectStore("photos").get(photo.id), (range) => tx.objectStore("chunks").count(range)),
      ),
    );
    const lost = photos[complete.indexOf(false)];
    if (lost) throw new PhotoLost(lost.id);
    const entry = entryOf({ ...draft, photos });
    await Promise.all([
      tx.objectStore("outbox").add(entry),
      tx.objectStore("drafts").delete(draft.id),
      unmarkOpen(tx, draft.id),
    ]);
    await followReport(tx, entry);
  });
  dropMirror(draft.id);
}

async function isComplete(
  stored: Promise<StoredPhoto | undefined>,
  count: (range: IDBKeyRange) => Promise<number>,
): Promise<boolean> {
  const photo = await stored;
  return (
    photo !== undefined && (await count(IDBKeyRange.bound([photo.id, 0], [photo.id, Infinity]))) === photo.chunkCount
  );
}

export function newReportDraft(
  id: string,
  userId: string,
  pointId: string | null,
  title: string,
  at: number,
): ReportDraft {
  const fields = newFields(pointId);
  return { kind: "report", id, userId, issueId: id, title, fields, photos: [], createdAt: at, updatedAt: at };
}

export function newAnswerDraft(
  of: Pick<AnswerDraft, "userId" | "issueId" | "title" | "action" | "version" | "entryId">,
  at: number,
): AnswerDraft {
  const fields = {
    text: "",
    remedy: null,
    handler: "",
    unitId: null,
    until: null,
    onSite: true,
    held: null,
    itemCode: null,
    severity: null,
  };
  return {
    kind: "answer",
    id: answerDraftId(of.userId, of.issueId, of.action),
    ...of,
    fields,
    photos: [],
    createdAt: at,
    updatedAt: at,
  };
}

export const withPhoto = <D extends Draft>(draft: D, photo: PhotoRef): D => ({
  ...draft,
  photos: [...draft.photos.filter(({ id }) => id !== photo.id), photo],
});
export const withoutPhoto = <D extends Draft>(draft: D, id: string): D => ({
  ...draft,
  photos: draft.photos.filter((photo) => photo.id !== id),
});
