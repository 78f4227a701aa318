import { useState } from "preact/hooks";
import { t } from "../texts";
import { photoLabel } from "../ui/PhotoGrid";
import type { ShownPhoto } from "../ui/PhotoGrid";
import { Picture } from "../ui/Picture";
import { actionOf } from "./keys";

type Mode = "side" | "slider";
const ZOOM_MAX = 4;

/** Before and after: side by side with a common zoom, or on top of each other with a slider. */
export function PairView({ before, after }: { before: ShownPhoto[]; after: ShownPhoto[] }) {
  const [mode, setMode] = useState<Mode>("side");
  const [left, setLeft] = useState(0);
  const [right, setRight] = useState(() =>
    Math.max(
      0,
      after.findIndex((photo) => photo.view === "same-angle"),
    ),
  );
  const [cut, setCut] = useState(50);
  const [zoom, setZoom] = useState(1);
  const [centre, setCentre] = useState({ x: 50, y: 50 });
  const earlier = before[left] ?? before[0];
  const later = after[right] ?? after[0];
  if (!earlier || !later) return null;
  const style = { transform: `scale(${zoom})`, transformOrigin: `${centre.x}% ${centre.y}%` };
  const move = (x: number, y: number) =>
    setCentre(({ x: oldX, y: oldY }) => ({
      x: Math.min(100, Math.max(0, oldX + x)),
      y: Math.min(100, Math.max(0, oldY + y)),
    }));

  function onKey(event: KeyboardEvent) {
    const action = actionOf("pair", event);
    if (action === "nearer") setZoom((value) => Math.min(ZOOM_MAX, value + 0.5));
    else if (action === "farther") setZoom((value) => Math.max(1, value - 0.5));
    else if (action === "left") move(-10, 0);
    else if (action === "right") move(10, 0);
    else if (action === "up") move(0, -10);
    else if (action === "down") move(0, 10);
    else return;
    event.preventDefault();
  }
  function onPoint(event: MouseEvent) {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    setCentre({ x: ((event.clientX - box.left) / box.width) * 100, y: ((event.clientY - box.top) / box.height) * 100 });
    if (zoom === 1) setZoom(2);
  }

  return (
    <section class="stack" aria-label={t("compare.pair")}>
      <div class="row-spread pair-tools no-print">
        <div class="segments" role="group" aria-label={t("compare.pair")}>
          <button type="button" aria-pressed={mode === "side"} onClick={() => setMode("side")}>
            {t("compare.beside")}
          </button>
          <button type="button" aria-pressed={mode === "slider"} onClick={() => setMode("slider")}>
            {t("compare.slider")}
          </button>
        </div>
        <div class="row">
          <button
            type="button"
            class="button"
            aria-label={t("compare.smaller")}
            disabled={zoom <= 1}
            onClick={() => setZoom(zoom - 0.5)}
          >
            {"\u2212"}
          </button>
          <span class="meta zoom">{Math.round(zoom * 100)}%</span>
          <button
            type="button"
            class="button"
            aria-label={t("compare.larger")}
            disabled={zoom >= ZOOM_MAX}
            onClick={() => setZoom(zoom + 0.5)}
          >
            +
          </button>
        </div>
      </div>
      {mode === "side" ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the keys that zoom and move both pictures
        <div class="pair-view" tabIndex={0} role="group" aria-label={t("compare.keys")} onKeyDown={onKey}>
          {[earlier, later].map((photo) => (
            <figure class="stack-tight" key={photo.id}>
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keys of the group do the same */}
              {/* biome-ignore lint/a11y/noStaticElementInteractions: as above */}
              <div class="pair-frame" onClick={onPoint}>
                <div style={style}>
                  <Picture id={photo.id} variant="view" alt={photoLabel(photo)} hasPreview={photo.has_preview} />
                </div>
              </div>
              <figcaption class="meta">{photoLabel(photo)}</figcaption>
            </figure>
          ))}
        </div>
      ) : (
        <>
          <div class="pair-frame pair-over">
            <div style={style}>
              <Picture id={earlier.id} variant="view" alt={photoLabel(earlier)} hasPreview={earlier.has_preview} />
            </div>
            <div class="pair-cut" style={{ clipPath: `inset(0 0 0 ${cut}%)`, WebkitClipPath: `inset(0 0 0 ${cut}%)` }}>
              <div style={style}>
                <Picture id={later.id} variant="view" alt={photoLabel(later)} hasPreview={later.has_preview} />
              </div>
            </div>
          </div>
          <label class="field">
            <span class="label">{t("compare.cut")}</span>
            <input
              class="range"
              type="range"
              min={0}
              max={100}
              value={cut}
              onInput={(event) => setCut(Number(event.currentTarget.value))}
            />
          </label>
        </>
      )}
      <div class="evidence-pair">
        <Strip photos={before} at={left} onChoose={setLeft} label={t("stage.found")} />
        <Strip photos={after} at={right} onChoose={setRight} label={t("stage.fix")} />
      </div>
    </section>
  );
}

function Strip({
  photos,
  at,
  onChoose,
  label,
}: {
  photos: ShownPhoto[];
  at: number;
  onChoose: (at: number) => void;
  label: string;
}) {
  if (photos.length < 2) return <div />;
  return (
    <div class="wrap" role="group" aria-label={label}>
      {photos.map((photo, index) => (
        <button
          type="button"
          class="strip"
          key={photo.id}
          aria-pressed={index === at}
          aria-label={photoLabel(photo)}
          onClick={() => onChoose(index)}
        >
          <Picture id={photo.id} variant="thumb" alt="" hasPreview={photo.has_preview} />
        </button>
      ))}
    </div>
  );
}
