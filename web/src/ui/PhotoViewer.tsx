import { useRef, useState } from "preact/hooks";
import { LocalView } from "../photo/LocalView";
import type { Mark } from "../store/records";
import { t } from "../texts";
import { UNTRANSFORMED, bounded, pinched, swiped, zoomed } from "./gesture";
import type { Finger, PictureTransform } from "./gesture";
import { Icon } from "./Icon";
import { useOverlay } from "./overlay";
import { Picture } from "./Picture";
import "../texts/withForms";

/** A lens with a plus in it. */
const ZOOM = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.5 16.5L21 21M8.5 11h5M11 8.5v5";

export interface ViewerPhoto {
  id: string;
  label: string;
  hasPreview: boolean;
  /** Of a photo that is kept on this device: what was drawn on it. */
  marks?: Mark[];
}

/** Scale of the zoom button, the key and a double tap. */
const NEAR = 2.5;
const DOUBLE_TAP_MS = 300;
/** A finger that moved less has tapped. */
const STILL_PX = 10;

/** Full-screen photos, one at a time, for fingers, buttons and keys. */
export function PhotoViewer({ photos, start, onClose }: { photos: ViewerPhoto[]; start: number; onClose: () => void }) {
  const [at, setAt] = useState(start);
  const [transform, setTransform] = useState<PictureTransform>(UNTRANSFORMED);
  const stage = useRef<HTMLDivElement>(null);
  const photo = photos[at];
  const isZoomed = transform.scale > 1;
  const move = (by: number) => {
    setTransform(UNTRANSFORMED);
    setAt((at + by + photos.length) % photos.length);
  };
  const size = () => [stage.current?.clientWidth ?? 0, stage.current?.clientHeight ?? 0] as const;
  const toggle = (where: Finger = { x: 0, y: 0 }) =>
    setTransform(isZoomed ? UNTRANSFORMED : zoomed(transform, NEAR, where, ...size()));
  const { box, onKeyDown } = useOverlay(onClose, (event) => {
    const pull: Record<string, [number, number]> = {
      ArrowLeft: [60, 0],
      ArrowRight: [-60, 0],
      ArrowUp: [0, 60],
      ArrowDown: [0, -60],
    };
    const [x, y] = pull[event.key] ?? [0, 0];
    if (event.key === "+" || event.key === "=")
      setTransform(zoomed(transform, transform.scale + 0.5, { x: 0, y: 0 }, ...size()));
    else if (event.key === "-") setTransform(zoomed(transform, transform.scale - 0.5, { x: 0, y: 0 }, ...size()));
    else if (isZoomed && (x || y))
      setTransform(bounded({ ...transform, x: transform.x + x, y: transform.y + y }, ...size()));
    else if (event.key === "ArrowLeft") move(-1);
    else if (event.key === "ArrowRight") move(1);
    else return;
    event.preventDefault();
  });
  const fingers = useFingers(stage, transform, setTransform, {
    onSwipe: (by) => {
      if (photos.length > 1) move(by);
    },
    onDoubleTap: toggle,
  });

  if (!photo) return null;
  return (
    <div class="viewer" role="dialog" aria-modal="true" aria-label={photo.label} ref={box} onKeyDown={onKeyDown}>
      <div class="viewer-bar">
        <button type="button" class="icon-button" onClick={onClose} aria-label={t("action.close")}>
          <Icon name="close" />
        </button>
        <span>
          {photo.label} · {at + 1} / {photos.length}
        </span>
        <button
          type="button"
          class="icon-button"
          aria-pressed={isZoomed}
          onClick={() => toggle()}
          aria-label={t("photo.zoom")}
        >
          <Icon path={ZOOM} />
        </button>
      </div>
      <div class="viewer-stage" ref={stage} {...fingers}>
        <div
          class={`viewer-picture ${photo.marks ? "viewer-local" : ""}`}
          style={{ transform: `translate(${transform.x}px, ${transform.y}px) scale(${transform.scale})` }}
        >
          {photo.marks ? (
            <LocalView key={photo.id} id={photo.id} alt={photo.label} marks={photo.marks} />
          ) : (
            <Picture key={photo.id} id={photo.id} variant="view" alt={photo.label} hasPreview={photo.hasPreview} />
          )}
        </div>
      </div>
      {photos.length > 1 ? (
        <div class="viewer-bar">
          <button type="button" class="icon-button" onClick={() => move(-1)} aria-label={t("photo.previous")}>
            <Icon name="back" />
          </button>
          <button type="button" class="icon-button" onClick={() => move(1)} aria-label={t("photo.next")}>
            <Icon name="next" />
          </button>
        </div>
      ) : null}
    </div>
  );
}

function useFingers(
  stage: { current: HTMLDivElement | null },
  transform: PictureTransform,
  setTransform: (transform: PictureTransform) => void,
  on: { onSwipe: (by: -1 | 1) => void; onDoubleTap: (where: Finger) => void },
) {
  const down = useRef(new Map<number, Finger>());
  /** Where a single finger started; `null` once there is a second. */
  const began = useRef<Finger | null>(null);
  const lastTap = useRef(0);
  const present = useRef(transform);
  present.current = transform;
  const size = () => [stage.current?.clientWidth ?? 0, stage.current?.clientHeight ?? 0] as const;
  const placeOf = (event: PointerEvent): Finger => {
    const at = stage.current?.getBoundingClientRect();
    return at
      ? { x: event.clientX - at.left - at.width / 2, y: event.clientY - at.top - at.height / 2 }
      : { x: 0, y: 0 };
  };
  function change(next: PictureTransform) {
    present.current = next;
    setTransform(next);
  }
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0 || (event.target as HTMLElement).closest("button")) return;
      stage.current?.setPointerCapture(event.pointerId);
      down.current.set(event.pointerId, placeOf(event));
      began.current = down.current.size === 1 ? placeOf(event) : null;
    },
    onPointerMove(event: PointerEvent) {
      const before = down.current.get(event.pointerId);
      if (!before) return;
      const now = placeOf(event);
      const other = Array.from(down.current).find(([id]) => id !== event.pointerId)?.[1];
      if (other) change(pinched(present.current, [before, other], [now, other], ...size()));
      else if (present.current.scale > 1)
        change(
          bounded(
            { ...present.current, x: present.current.x + now.x - before.x, y: present.current.y + now.y - before.y },
            ...size(),
          ),
        );
      down.current.set(event.pointerId, now);
    },
    onPointerUp(event: PointerEvent) {
      const from = began.current;
      if (!down.current.delete(event.pointerId) || !from) return;
      began.current = null;
      const to = placeOf(event);
      const by = swiped(present.current, from, to);
      if (by !== 0) return on.onSwipe(by);
      if (Math.hypot(to.x - from.x, to.y - from.y) > STILL_PX) return;
      if (event.timeStamp - lastTap.current < DOUBLE_TAP_MS) on.onDoubleTap(to);
      lastTap.current = event.timeStamp;
    },
    onPointerCancel(event: PointerEvent) {
      down.current.delete(event.pointerId);
      began.current = null;
    },
  };
}
