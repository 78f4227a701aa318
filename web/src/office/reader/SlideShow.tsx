import { useEffect, useState } from "preact/hooks";
import { photoUrl } from "../../api/photos";
import type { ReleasedIssue } from "../../api/types";
import { itemOf, unitOf } from "../../session/reference";
import { faultTitle, t } from "../../texts";
import { Icon } from "../../ui/Icon";
import type { Pages } from "../../ui/issuePages";
import { useOverlay } from "../../ui/overlay";
import { Picture } from "../../ui/Picture";
import { actionOf } from "../keys";
import { pairOf } from "./pairs";
import { backward, flipped, forward, onTime } from "./slides";
import type { Slide } from "./slides";
import { useWakeLock } from "./wakeLock";
import "../figures/words";
import "../words";
import "../../texts/withForms";

/** Seconds between two pictures; 0 waits for a key. */
const PACES = [0, 6, 10, 15];
/** Slides that are fetched before they are due, photos and rows alike. */
const AHEAD = 3;

/** The issues of a list one after the other, over the whole screen: as each was found, and as it was left. */
export function SlideShow({ pages, onClose }: { pages: Pages<ReleasedIssue>; onClose: () => void }) {
  const issues = pages.rows;
  const [slide, setSlide] = useState<Slide>({ at: 0, isAfter: false });
  const [isGrid, setGrid] = useState(false);
  const [pace, setPace] = useState(0);
  const hasAfter = issues.map((issue) => pairOf(issue.photos).after !== null);
  const issue = issues[slide.at];
  const pair = issue ? pairOf(issue.photos) : null;
  const photo = slide.isAfter ? pair?.after : pair?.before;
  useWakeLock();

  // The next rows and pictures come before they are looked at.
  useEffect(() => {
    if (pages.hasMore && !pages.isLoading && !pages.failure && slide.at + AHEAD >= issues.length) pages.more();
    for (const next of issues.slice(slide.at, slide.at + AHEAD + 1)) {
      const { before, after } = pairOf(next.photos);
      for (const one of [before, after]) if (one?.has_preview) new Image().src = photoUrl(one.id, "view");
    }
  }, [slide.at, issues.length]);

  useEffect(() => {
    if (pace === 0 || isGrid) return;
    const timer = setTimeout(() => setSlide((now) => onTime(now, hasAfter)), pace * 1_000);
    return () => clearTimeout(timer);
  }, [pace, isGrid, slide]);

  const { box, onKeyDown } = useOverlay(onClose, (event) => {
    const action = actionOf("show", event);
    if (action === "grid") setGrid(!isGrid);
    else if (isGrid || event.target instanceof HTMLSelectElement) return;
    else if (action === "next") setSlide((now) => forward(now, issues.length));
    else if (action === "previous") setSlide((now) => backward(now, issues.length));
    else if (action === "flip") setSlide((now) => flipped(now, hasAfter));
    else return;
    event.preventDefault();
  });

  // The tile that was pressed is gone: the keys are still for the show.
  useEffect(() => {
    if (!box.current?.contains(document.activeElement)) box.current?.focus();
  }, [isGrid]);

  if (!issue) return null;
  const stage = t(slide.isAfter ? "wall.after" : "wall.before");
  return (
    <div
      class="show"
      role="dialog"
      aria-modal="true"
      aria-label={t("show.title")}
      ref={box}
      onKeyDown={onKeyDown}
      // Space turns the picture over: it must not press the button that has the focus as well.
      onKeyUp={(event) => {
        if (actionOf("show", event) === "flip" && !isGrid && !(event.target instanceof HTMLSelectElement))
          event.preventDefault();
      }}
    >
      {isGrid ? (
        <ul class="show-grid">
          {issues.map((one, at) => {
            const { before } = pairOf(one.photos);
            return (
              <li key={one.id}>
                <button
                  type="button"
                  class="show-tile"
                  aria-current={at === slide.at ? "true" : undefined}
                  onClick={() => {
                    setSlide({ at, isAfter: false });
                    setGrid(false);
                  }}
                >
                  <span class="photo-frame">
                    {before ? (
                      <Picture id={before.id} variant="thumb" alt="" hasPreview={before.has_preview} />
                    ) : (
                      <span class="photo-note">{t("wall.noPhoto")}</span>
                    )}
                  </span>
                  <span lang="zh-CN">
                    {at + 1} {one.point.name}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      ) : (
        <div class="show-stage">
          {photo ? (
            <Picture key={photo.id} id={photo.id} variant="view" alt={stage} hasPreview={photo.has_preview} />
          ) : (
            <span class="photo-note">{t("wall.noPhoto")}</span>
          )}
          <span class="show-tag" aria-hidden="true">
            {stage}
          </span>
        </div>
      )}
      <div class="show-foot">
        <p class="show-words" aria-live="polite">
          <strong>
            {slide.at + 1}/{issues.length}
            {pages.hasMore ? "+" : ""} <span lang="zh-CN">{issue.point.name}</span>
          </strong>{" "}
          {[faultTitle(itemOf(issue.item_code)) || issue.item_code, unitOf(issue.unit_id)?.name, stage]
            .filter(Boolean)
            .join(t("punctuation.dot"))}
          {hasAfter[slide.at] ? "" : t("punctuation.dot") + t(`issue.${issue.state}`)}
        </p>
        <div class="show-tools">
          <button
            type="button"
            class="icon-button"
            aria-label={t("show.previous")}
            aria-keyshortcuts="ArrowLeft PageUp"
            onClick={() => setSlide(backward(slide, issues.length))}
          >
            <Icon name="back" />
          </button>
          <button
            type="button"
            class="button"
            aria-keyshortcuts="Space"
            aria-disabled={!hasAfter[slide.at]}
            onClick={() => setSlide(flipped(slide, hasAfter))}
          >
            {t(slide.isAfter ? "show.toBefore" : "show.toAfter")}
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={t("show.next")}
            aria-keyshortcuts="ArrowRight PageDown"
            onClick={() => setSlide(forward(slide, issues.length))}
          >
            <Icon name="next" />
          </button>
          <button
            type="button"
            class="button"
            aria-pressed={isGrid}
            aria-keyshortcuts="g"
            onClick={() => setGrid(!isGrid)}
          >
            {t("show.grid")}
          </button>
          <label class="show-pace">
            <span>{t("show.pace")}</span>
            <select value={pace} onChange={(event) => setPace(Number(event.currentTarget.value))}>
              {PACES.map((seconds) => (
                <option key={seconds} value={seconds}>
                  {seconds === 0 ? t("show.byHand") : t("show.seconds", { seconds })}
                </option>
              ))}
            </select>
          </label>
          <button type="button" class="button" aria-keyshortcuts="Escape" onClick={onClose}>
            {t("show.end")}
          </button>
        </div>
        <p class="show-keys">{t("show.keys")}</p>
      </div>
    </div>
  );
}
