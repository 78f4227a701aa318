import { useEffect, useState } from "preact/hooks";
import { PHOTOS_PER_STEP_MAX } from "../api/limits";
import type { PhotoView } from "../api/types";
import { MarkedPicture } from "../photo/MarkedPicture";
import { SHOWS_UPRIGHT } from "../photo/marks";
import { link } from "../router";
import type { Draft, PhotoRef } from "../store/records";
import { FREE_MIN_BYTES, FREE_WARN_BYTES, readStorageSpace, formatSize } from "../store/storageSpace";
import { t } from "../texts";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import type { PhotoViewer as Viewer } from "../ui/PhotoViewer";
import type { MarkEditor as Editor } from "./MarkEditor";
import type { DraftHandle } from "./useDraft";

const loadViewer = () => import("../ui/PhotoViewer").then((part) => part.PhotoViewer);
const loadEditor = () => import("./MarkEditor").then((part) => part.MarkEditor);

/** A picture with a hill and the sun. */
const ALBUM =
  "M4 5h16a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1zM3.5 17l5-5 4 4 3-3 5 5M15.5 9h.01";

/**
 * The photos of a draft, with buttons for more. `views` are offered in this order; where there is only one, nobody is
 * asked for it.
 */
export function PhotoTaker<D extends Draft>({
  handle,
  views,
  error,
  canMark = true,
  of = "",
}: {
  handle: DraftHandle<D>;
  views: PhotoView[];
  error?: string | null;
  /** Whether one may draw on them: not where the service takes no marks. */
  canMark?: boolean;
  /** What they show, where a page takes photos of several things. */
  of?: string;
}) {
  const { draft } = handle;
  /** Which of how many photos is being kept. */
  const [busy, setBusy] = useState<{ at: number; count: number } | null>(null);
  const isBusy = busy !== null;
  const [note, setNote] = useState<string | null>(null);
  const [open, setOpen] = useState<{ Viewer: typeof Viewer; at: number } | null>(null);
  const freeBytes = useFreeBytes(draft.photos.length);
  const isFull = freeBytes < FREE_MIN_BYTES;
  const nextView = nextOf(views, draft.photos);

  const [editing, setEditing] = useState<{ Editor: typeof Editor; id: string } | null>(null);
  const [isEditorMissing, setEditorMissing] = useState(false);
  const marked = draft.photos.find((photo) => photo.id === editing?.id);
  const hasPhotos = draft.photos.length > 0;
  // Loaded after the form, but before the network may be gone.
  useEffect(() => {
    if (hasPhotos) for (const load of [loadEditor, loadViewer]) load().catch(() => undefined);
  }, [hasPhotos]);

  const change = (id: string, to: Partial<Pick<PhotoRef, "view" | "marks">>) =>
    handle.update((old) => ({ ...old, photos: old.photos.map((one) => (one.id === id ? { ...one, ...to } : one)) }));

  function openEditor(id: string) {
    setEditorMissing(false);
    loadEditor().then(
      (Editor) => setEditing({ Editor, id }),
      () => setEditorMissing(true),
    );
  }

  function openViewer(at: number) {
    setEditorMissing(false);
    loadViewer().then(
      (Viewer) => setOpen({ Viewer, at }),
      () => setEditorMissing(true),
    );
  }

  async function took(input: HTMLInputElement, fromAlbum: boolean) {
    const chosen = Array.from(input.files ?? []);
    const files = chosen.slice(0, PHOTOS_PER_STEP_MAX - draft.photos.length);
    if (files.length === 0) return;
    setNote(null);
    const taken: { view: PhotoView }[] = [...draft.photos];
    let kept = 0;
    try {
      // One after the other: they keep their order, and only one is in memory.
      for (const [at, file] of files.entries()) {
        setBusy({ at: at + 1, count: files.length });
        const view = nextOf(views, taken);
        if (await handle.addFile(file, view, at > 0, fromAlbum)) {
          kept += 1;
          taken.push({ view });
        }
      }
    } finally {
      // Otherwise the same file could not be chosen again after it was removed.
      input.value = "";
      setBusy(null);
      if (chosen.length > 1 && kept < chosen.length)
        setNote(t("photo.fewerKept", { chosen: chosen.length, kept, max: PHOTOS_PER_STEP_MAX }));
    }
  }

  return (
    <section class="stack" aria-labelledby={`photos-title${of}`}>
      <div class="row-spread">
        <h2 id={`photos-title${of}`}>{t("photo.title")}</h2>
        <span class="meta">
          {draft.photos.length} / {PHOTOS_PER_STEP_MAX}
        </span>
      </div>
      {draft.photos.length > 0 ? (
        <ul class="photos">
          {draft.photos.map((photo, at) => (
            <li class="stack-tight" key={photo.id}>
              <div class="photo-frame">
                <MarkedPicture
                  key={photo.id}
                  id={photo.id}
                  marks={photo.marks}
                  alt={altOf(photo, at + 1)}
                  onOpen={() => openViewer(at)}
                >
                  {SHOWS_UPRIGHT && canMark ? (
                    <button
                      type="button"
                      class="photo-mark"
                      aria-label={t("marks.title", { number: at + 1 })}
                      onClick={() => openEditor(photo.id)}
                    >
                      <span>{t("marks.open")}</span>
                    </button>
                  ) : null}
                </MarkedPicture>
                <button
                  type="button"
                  class="photo-remove"
                  aria-label={t("photo.remove", { number: at + 1 })}
                  onClick={() => void handle.remove(photo.id)}
                >
                  <Icon name="close" />
                </button>
              </div>
              {photo.id === draft.refusedPhoto ? (
                <p class="field-error" role="alert">
                  {t("photo.refused")}
                </p>
              ) : null}
              {views.length === 1 ? null : (
                <select
                  class="input"
                  aria-label={t("photo.viewOf", { number: at + 1 })}
                  value={photo.view}
                  onChange={(event) => change(photo.id, { view: event.currentTarget.value as PhotoView })}
                >
                  {views.map((view) => (
                    <option key={view} value={view}>
                      {t(`view.${view}`)}
                    </option>
                  ))}
                </select>
              )}
            </li>
          ))}
        </ul>
      ) : null}
      {isEditorMissing ? (
        <p class="field-error" role="alert">
          {t("page.notHere")}
        </p>
      ) : null}
      {editing && marked ? (
        <editing.Editor
          id={marked.id}
          title={t("marks.title", { number: draft.photos.indexOf(marked) + 1 })}
          marks={marked.marks ?? []}
          onChange={(marks) => change(marked.id, { marks })}
          onClose={() => setEditing(null)}
        />
      ) : null}
      {open ? (
        <open.Viewer
          photos={draft.photos.map((photo, at) => ({
            id: photo.id,
            label: `${altOf(photo, at + 1)} · ${t(`view.${photo.view}`)}`,
            hasPreview: true,
            marks: photo.marks ?? [],
          }))}
          start={open.at}
          onClose={() => setOpen(null)}
        />
      ) : null}
      {draft.photos.length < PHOTOS_PER_STEP_MAX ? (
        <>
          {freeBytes < FREE_WARN_BYTES ? (
            <Notice tone={isFull ? "danger" : "warn"} role="alert">
              <p>{t(isFull ? "room.full" : "room.lowFor", { free: formatSize(freeBytes) })}</p>
              <a class="button" href={link("outbox")}>
                {t("room.freeSpace")}
              </a>
            </Notice>
          ) : null}
          {views.length === 1 ? null : (
            <p class="meta">{t("photo.nextView", { view: t(`view.${nextView}`), hint: t(`viewHint.${nextView}`) })}</p>
          )}
          <div class="pair">
            <label class="take take-main">
              <Icon name="camera" />
              <span>{t("photo.camera")}</span>
              {/* Never `multiple` beside `capture`: in-app browsers then lose the camera. */}
              <input
                type="file"
                accept="image/*"
                capture="environment"
                disabled={isBusy || isFull}
                onClick={() => void handle.flush()}
                onChange={(event) => void took(event.currentTarget, false)}
              />
            </label>
            <label class="take">
              <Icon path={ALBUM} />
              <span>{t("photo.album")}</span>
              <input
                type="file"
                accept="image/*"
                multiple
                disabled={isBusy || isFull}
                onClick={() => void handle.flush()}
                onChange={(event) => void took(event.currentTarget, true)}
              />
            </label>
          </div>
        </>
      ) : null}
      {busy ? (
        <p class="meta" role="status">
          {busy.count > 1 ? t("photo.savingOf", busy) : t("photo.saving")}
        </p>
      ) : null}
      {note ? (
        <p class="field-error" role="alert">
          {note}
        </p>
      ) : null}
      {handle.photoFault ? (
        <p class="field-error" role="alert">
          {t(`photo.fault.${handle.photoFault}`)}
        </p>
      ) : null}
      {handle.storeFailure === "photo" ? (
        <p class="field-error" role="alert">
          {t("photo.storeFailed")}
        </p>
      ) : null}
      {error ? (
        <p class="field-error" role="alert">
          {error}
        </p>
      ) : null}
    </section>
  );
}

/** The first view that no photo shows yet, else the last. */
const nextOf = (views: PhotoView[], photos: { view: PhotoView }[]): PhotoView =>
  views.find((view) => !photos.some((photo) => photo.view === view)) ?? views[views.length - 1] ?? "detail";

const altOf = ({ marks }: PhotoRef, number: number): string =>
  marks && marks.length > 0 ? t("marks.numbered", { number, count: marks.length }) : t("photo.numbered", { number });

/** Free space as the browser reports it, asked again after each photo. Unknown counts as enough. */
function useFreeBytes(photoCount: number): number {
  const [freeBytes, setFreeBytes] = useState(Infinity);
  useEffect(
    () =>
      void readStorageSpace().then(
        (room) => setFreeBytes(room?.freeBytes ?? Infinity),
        () => undefined,
      ),
    [photoCount],
  );
  return freeBytes;
}
