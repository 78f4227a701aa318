import { useEffect, useState } from "preact/hooks";
import type { PhotoView } from "../api/types";
import { link } from "../router";
import type { Draft } from "../store/records";
import { FREE_MIN_BYTES, FREE_WARN_BYTES, readRoom, sizeWords } from "../store/room";
import { t } from "../texts";
import { Icon } from "../ui/Icon";
import { Notice } from "../ui/Notice";
import { LocalPicture } from "../ui/Picture";
import type { DraftHandle } from "./useDraft";

/** Source: docs/generated/openapi.json, `photos` of a report and of a step. */
const PHOTOS_MAX = 9;

/** Photos of a draft: what is there, and two buttons for more. `views` are offered in this order. */
export function PhotoTaker<D extends Draft>({ handle, views, error }: { handle: DraftHandle<D>; views: PhotoView[]; error?: string | null }) {
  const { draft } = handle;
  const [isBusy, setBusy] = useState(false);
  const freeBytes = useFreeBytes(draft.photos.length);
  const isFull = freeBytes < FREE_MIN_BYTES;
  const nextView = views.find((view) => !draft.photos.some((photo) => photo.view === view)) ?? views[views.length - 1] ?? "detail";

  async function took(input: HTMLInputElement) {
    const file = input.files?.[0];
    if (!file) return;
    setBusy(true);
    try {
      await handle.addFile(file, nextView);
    } finally {
      // The same file may be chosen again after it was removed.
      input.value = "";
      setBusy(false);
    }
  }

  return (
    <section class="stack" aria-labelledby="photos-title">
      <div class="row-spread">
        <h2 id="photos-title">{t("photo.title")}</h2>
        <span class="meta">{draft.photos.length} / {PHOTOS_MAX}</span>
      </div>
      {draft.photos.length > 0 ? (
        <ul class="photos">
          {draft.photos.map((photo, at) => (
            <li class="stack-tight" key={photo.id}>
              <div class="photo-frame">
                <LocalPicture key={`${photo.id}-${handle.previews}`} id={photo.id} alt={t("photo.numbered", { number: at + 1 })} />
                <button type="button" class="photo-remove" aria-label={t("photo.remove", { number: at + 1 })} onClick={() => void handle.remove(photo.id)}><Icon name="close" /></button>
              </div>
              <select
                class="input"
                aria-label={t("photo.viewOf", { number: at + 1 })}
                value={photo.view}
                onChange={(event) => {
                  const view = event.currentTarget.value as PhotoView;
                  handle.update((old) => ({ ...old, photos: old.photos.map((one) => (one.id === photo.id ? { ...one, view } : one)) }));
                }}
              >
                {views.map((view) => <option key={view} value={view}>{t(`view.${view}`)}</option>)}
              </select>
            </li>
          ))}
        </ul>
      ) : null}
      {draft.photos.length < PHOTOS_MAX ? (
        <>
          {freeBytes < FREE_WARN_BYTES ? (
            <Notice tone={isFull ? "danger" : "warn"} role="alert">
              <p>{t(isFull ? "room.full" : "room.lowFor", { free: sizeWords(freeBytes) })}</p>
              <a class="button" href={link("outbox")}>{t("room.makeRoom")}</a>
            </Notice>
          ) : null}
          <p class="meta">{t("photo.nextView", { view: t(`view.${nextView}`), hint: t(`viewHint.${nextView}`) })}</p>
          <div class="pair">
            <label class="take take-main">
              <Icon name="camera" /><span>{t("photo.camera")}</span>
              {/* Never `multiple` beside `capture`: in-app browsers then lose the camera. */}
              <input type="file" accept="image/*" capture="environment" disabled={isBusy || isFull} onClick={() => void handle.flush()} onChange={(event) => void took(event.currentTarget)} />
            </label>
            <label class="take">
              <Icon name="album" /><span>{t("photo.album")}</span>
              <input type="file" accept="image/*" disabled={isBusy || isFull} onClick={() => void handle.flush()} onChange={(event) => void took(event.currentTarget)} />
            </label>
          </div>
        </>
      ) : null}
      {isBusy ? <p class="meta" role="status">{t("photo.saving")}</p> : null}
      {handle.photoFault ? <p class="field-error" role="alert">{t(`photo.fault.${handle.photoFault}`)}</p> : null}
      {handle.storeFailure ? <p class="field-error" role="alert">{t("photo.storeFailed", { name: handle.storeFailure })}</p> : null}
      {error ? <p class="field-error" role="alert">{error}</p> : null}
    </section>
  );
}

/** What the browser still gives us; asked anew after each photo. Where it cannot say, there is room until writing fails. */
function useFreeBytes(photoCount: number): number {
  const [freeBytes, setFreeBytes] = useState(Infinity);
  useEffect(() => void readRoom().then((room) => setFreeBytes(room?.freeBytes ?? Infinity), () => undefined), [photoCount]);
  return freeBytes;
}
