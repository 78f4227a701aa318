import { useEffect, useState } from "preact/hooks";
import type { PhotoStage, PhotoView } from "../api/types";
import { t } from "../texts";
import { Picture } from "./Picture";
import type { PhotoViewer as Viewer } from "./PhotoViewer";

const loadViewer = () => import("./PhotoViewer").then((part) => part.PhotoViewer);

export interface ShownPhoto {
  id: string;
  view: PhotoView;
  stage: PhotoStage;
  round: number;
  has_preview: boolean;
}

export const photoLabel = (photo: ShownPhoto): string => `${t(`stage.${photo.stage}`)} · ${t(`view.${photo.view}`)}`;

export function PhotoGrid({ photos, missing = [] }: { photos: ShownPhoto[]; missing?: string[] }) {
  const [open, setOpen] = useState<number | null>(null);
  const [PhotoViewer, setViewer] = useState<typeof Viewer | null>(null);
  const hasPhotos = photos.length > 0;
  // Not with the page, but before the network may go.
  useEffect(() => {
    if (hasPhotos)
      loadViewer().then(
        (part) => setViewer(() => part),
        () => undefined,
      );
  }, [hasPhotos, open]);
  if (photos.length === 0) return <p class="meta">{t("photo.none")}</p>;
  return (
    <>
      <ul class="photos">
        {photos.map((photo, at) => (
          <li class="photo" key={photo.id}>
            <div class="photo-frame">
              {missing.includes(photo.id) ? (
                <span class="photo-note">{t("photo.onItsWay")}</span>
              ) : (
                <button type="button" class="photo-open" onClick={() => setOpen(at)}>
                  <Picture id={photo.id} variant="thumb" alt={photoLabel(photo)} hasPreview={photo.has_preview} />
                </button>
              )}
              <span class="photo-tag">{t(`view.${photo.view}`)}</span>
            </div>
          </li>
        ))}
      </ul>
      {open === null || PhotoViewer === null ? null : (
        <PhotoViewer
          photos={photos.map((photo) => ({ id: photo.id, label: photoLabel(photo), hasPreview: photo.has_preview }))}
          start={open}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}
