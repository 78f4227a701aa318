import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../texts";
import { Icon } from "./Icon";
import { Picture } from "./Picture";

export interface ViewerPhoto { id: string; label: string; hasPreview: boolean }

/** Photos one at a time, on black, with buttons and keys for everything. */
export function PhotoViewer({ photos, start, onClose }: { photos: ViewerPhoto[]; start: number; onClose: () => void }) {
  const [at, setAt] = useState(start);
  const [isZoomed, setZoomed] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const photo = photos[at];
  const move = (by: number) => { setZoomed(false); setAt((at + by + photos.length) % photos.length); };

  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.querySelector("button")?.focus();
    return () => before?.focus();
  }, []);

  function onKey(event: KeyboardEvent) {
    if (event.key === "Escape") onClose();
    else if (event.key === "ArrowLeft") move(-1);
    else if (event.key === "ArrowRight") move(1);
    else if (event.key === "Tab") trap(event);
  }
  function trap(event: KeyboardEvent) {
    const all = Array.from(box.current?.querySelectorAll("button") ?? []);
    const edge = event.shiftKey ? all[0] : all[all.length - 1];
    if (document.activeElement !== edge) return;
    event.preventDefault();
    (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
  }

  if (!photo) return null;
  return (
    <div class="viewer" role="dialog" aria-modal="true" aria-label={photo.label} ref={box} onKeyDown={onKey}>
      <div class="viewer-bar">
        <button type="button" class="icon-button" onClick={onClose} aria-label={t("action.close")}><Icon name="close" /></button>
        <span>{photo.label} · {at + 1} / {photos.length}</span>
        <button type="button" class="icon-button" aria-pressed={isZoomed} onClick={() => setZoomed(!isZoomed)} aria-label={t("photo.zoom")}><Icon name="zoom" /></button>
      </div>
      <div class={`viewer-stage ${isZoomed ? "zoomed" : ""}`}><Picture key={photo.id} id={photo.id} variant="view" alt={photo.label} hasPreview={photo.hasPreview} /></div>
      {photos.length > 1 ? (
        <div class="viewer-bar">
          <button type="button" class="icon-button" onClick={() => move(-1)} aria-label={t("photo.previous")}><Icon name="back" /></button>
          <button type="button" class="icon-button" onClick={() => move(1)} aria-label={t("photo.next")}><Icon name="next" /></button>
        </div>
      ) : null}
    </div>
  );
}
