import { useState } from "preact/hooks";
import type { DraftHandle } from "../draft/useDraft";
import { MarkedPicture } from "../photo/MarkedPicture";
import type { AnswerDraft } from "../store/records";
import { t } from "../texts";
import { Icon } from "../ui/Icon";
import { Picture } from "../ui/Picture";
import type { ShownPhoto } from "../ui/PhotoGrid";
import { GhostCamera } from "./GhostCamera";

/** Shows the earlier photo to find the same place; then compares both photos, on top of or beside each other. */
export function Compare({ handle, before }: { handle: DraftHandle<AnswerDraft>; before: ShownPhoto[] }) {
  const [at, setAt] = useState(0);
  const [mix, setMix] = useState(50);
  const [isOverlaid, setOverlaid] = useState(true);
  const [isGhost, setGhost] = useState(false);
  const earlier = before[at % before.length];
  const after = handle.draft.photos.find((photo) => photo.view === "same-angle");
  if (!earlier) return null;
  const hasLiveCamera = Boolean(navigator.mediaDevices?.getUserMedia);
  return (
    <section class="stack" aria-labelledby="compare-title">
      <h2 id="compare-title">{t("compare.title")}</h2>
      {after ? (
        <>
          <div class="segments" role="group" aria-label={t("compare.title")}>
            <button type="button" aria-pressed={isOverlaid} onClick={() => setOverlaid(true)}>
              {t("compare.overlay")}
            </button>
            <button type="button" aria-pressed={!isOverlaid} onClick={() => setOverlaid(false)}>
              {t("compare.side")}
            </button>
          </div>
          {isOverlaid ? (
            <>
              <div class="overlay">
                <Picture id={earlier.id} variant="view" alt={t("compare.before")} hasPreview={earlier.has_preview} />
                <div style={{ opacity: mix / 100 }}>
                  <MarkedPicture key={after.id} id={after.id} marks={after.marks} fit="meet" alt={t("compare.after")} />
                </div>
              </div>
              <label class="field">
                <span class="label">{t("compare.mix")}</span>
                <input
                  class="range"
                  type="range"
                  min={0}
                  max={100}
                  step={5}
                  value={mix}
                  onInput={(event) => setMix(Number(event.currentTarget.value))}
                />
              </label>
            </>
          ) : (
            <div class="pair">
              <figure class="stack-tight">
                <div class="photo-frame">
                  <Picture id={earlier.id} variant="view" alt={t("compare.before")} hasPreview={earlier.has_preview} />
                </div>
                <figcaption class="meta">{t("compare.before")}</figcaption>
              </figure>
              <figure class="stack-tight">
                <div class="photo-frame">
                  <MarkedPicture key={after.id} id={after.id} marks={after.marks} alt={t("compare.after")} />
                </div>
                <figcaption class="meta">{t("compare.after")}</figcaption>
              </figure>
            </div>
          )}
        </>
      ) : (
        <>
          <div class="photo-frame">
            <Picture id={earlier.id} variant="view" alt={t("compare.before")} hasPreview={earlier.has_preview} />
            <span class="photo-tag">
              {t("compare.before")} · {t(`view.${earlier.view}`)}
            </span>
          </div>
          <p class="meta">{t("compare.hint")}</p>
          {hasLiveCamera ? (
            <button
              type="button"
              class="button"
              onClick={() => {
                void handle.flush();
                setGhost(true);
              }}
            >
              <Icon name="camera" />
              {t("ghost.open")}
            </button>
          ) : null}
        </>
      )}
      {before.length > 1 ? (
        <button type="button" class="button button-plain" onClick={() => setAt(at + 1)}>
          {t("compare.other", { at: (at % before.length) + 1, count: before.length })}
        </button>
      ) : null}
      {isGhost ? (
        <GhostCamera
          earlier={earlier}
          onClose={() => setGhost(false)}
          onTaken={(file) => {
            setGhost(false);
            void handle.addFile(file, "same-angle");
          }}
        />
      ) : null}
    </section>
  );
}
