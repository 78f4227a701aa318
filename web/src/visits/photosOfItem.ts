// The photos of one item of a visit, as a form of its own: each item has its photos, and the draft has them all.
import type { DraftHandle } from "../draft/useDraft";
import type { PhotoRef, VisitDraft } from "../store/records";
import { photosOf } from "./checklist";

export function photosOfItem(handle: DraftHandle<VisitDraft>, code: string): DraftHandle<VisitDraft> {
  const part = (draft: VisitDraft): VisitDraft => ({ ...draft, photos: photosOf(draft, code) });
  const whole = (draft: VisitDraft, changed: PhotoRef[]): PhotoRef[] =>
    draft.photos.map((photo) => changed.find(({ id }) => id === photo.id) ?? photo);
  return {
    ...handle,
    draft: part(handle.draft),
    update: (change) =>
      handle.update((old) => {
        const next = change(part(old));
        return { ...next, photos: whole(old, next.photos) };
      }),
    addFile: (file, view, isMore, fromAlbum) => handle.addFile(file, view, isMore, fromAlbum, code),
  };
}
