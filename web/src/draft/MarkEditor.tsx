import { MARKS_PER_PHOTO_MAX } from "../api/limits";
import { useRef, useState } from "preact/hooks";
import { keysOf } from "../keysOf";
import { Marks } from "../photo/MarkedPicture";
import { drawnSize } from "../photo/marks";
import type { Size } from "../photo/marks";
import type { Mark } from "../store/records";
import { t } from "../texts";
import { useOverlay } from "../ui/overlay";
import { LocalPicture } from "../photo/LocalPicture";
import { markOf, spotOf, withMark } from "./drawing";
import type { Spot } from "./drawing";
import "../texts/withForms";

const KINDS: Record<Mark["kind"], true> = { arrow: true, circle: true, blur: true };
/** How far an arrow key moves the cross, as a fraction of the picture. */
const STEP = 0.02;
const MOVES: Record<string, Spot> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

/**
 * Draws marks on a photo by dragging, by two taps or by keys. Each mark is written to the draft at once, so Back keeps
 * it: removing an unwanted mark is quicker than drawing a lost one again.
 */
export function MarkEditor({
  id,
  title,
  marks,
  onChange,
  onClose,
}: {
  id: string;
  title: string;
  marks: Mark[];
  onChange: (marks: Mark[]) => void;
  onClose: () => void;
}) {
  const [before] = useState(marks);
  const [kind, setKind] = useState<Mark["kind"]>("arrow");
  const [size, setSize] = useState<Size | null>(null);
  /** The first point, if a tap or a key has set it. */
  const [from, setFrom] = useState<Spot | null>(null);
  /** Where a finger or the keys are now. */
  const [to, setTo] = useState<Spot | null>(null);
  const finger = useRef<{ id: number; down: Spot } | null>(null);
  const { box, onKeyDown } = useOverlay(onClose);
  const isEmpty = marks.length === 0 && from === null;
  const isFull = marks.length >= MARKS_PER_PHOTO_MAX;

  const between = (a: Spot | null, b: Spot | null) => (a && b && size && !isFull ? markOf(kind, a, b, size) : null);
  const dragged = between(finger.current?.down ?? null, to);
  const drawing = dragged ?? between(from, to);

  function choose(spot: Spot) {
    const mark = between(from, spot);
    if (mark) onChange(withMark(marks, mark));
    setFrom(mark || isFull ? null : spot);
  }
  function clear() {
    setFrom(null);
    onChange([]);
  }
  function cancel() {
    onChange(before);
    onClose();
  }

  const spotAt = (event: PointerEvent): Spot | null =>
    size ? spotOf(event, (event.currentTarget as Element).getBoundingClientRect(), size) : null;
  const pointer = {
    onPointerDown(event: PointerEvent) {
      const down = spotAt(event);
      // Ignore a second finger.
      if (event.button !== 0 || !down || finger.current) return;
      (event.currentTarget as Element).setPointerCapture(event.pointerId);
      finger.current = { id: event.pointerId, down };
      setTo(down);
    },
    onPointerMove(event: PointerEvent) {
      if (finger.current?.id === event.pointerId) setTo(spotAt(event));
    },
    onPointerUp(event: PointerEvent) {
      const spot = spotAt(event);
      if (finger.current?.id !== event.pointerId || !spot) return;
      const mark = between(finger.current.down, spot);
      finger.current = null;
      setTo(null);
      if (!mark) return choose(spot);
      setFrom(null);
      onChange(withMark(marks, mark));
    },
    onPointerCancel() {
      finger.current = null;
      setTo(null);
    },
  };
  function onKey(event: KeyboardEvent) {
    const move = MOVES[event.key];
    const now = to ?? from ?? { x: 0.5, y: 0.5 };
    if (move) setTo({ x: Math.min(1, Math.max(0, now.x + move.x)), y: Math.min(1, Math.max(0, now.y + move.y)) });
    else if (event.key === "Enter" || event.key === " ") choose(now);
    else return;
    event.preventDefault();
  }

  const hint = isFull ? t("marks.full", { count: MARKS_PER_PHOTO_MAX }) : t(from ? "marks.second" : "marks.hint");
  return (
    <div class="viewer" role="dialog" aria-modal="true" aria-label={title} ref={box} onKeyDown={onKeyDown}>
      <div class="viewer-bar">
        <button type="button" class="button" onClick={cancel}>
          {t("action.cancel")}
        </button>
        <button type="button" class="button button-primary" onClick={onClose}>
          {t("marks.done")}
        </button>
      </div>
      <div
        class="viewer-stage mark-stage"
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is interactive; the arrow keys move its cross
        tabIndex={0}
        aria-label={`${title} ${t("marks.keys")}`}
        onKeyDown={onKey}
        {...pointer}
      >
        <LocalPicture id={id} alt="" onShown={setSize} />
        {size ? (
          <Marks marks={drawing ? [...marks, drawing] : marks} size={size} fit="meet">
            {drawing ? null : [from, to].map((spot) => (spot ? <Cross spot={spot} size={drawnSize(size)} /> : null))}
          </Marks>
        ) : null}
      </div>
      <div class="mark-foot stack">
        <p class="meta">
          <span role="status">{hint}</span>
          <span class="mark-keys">{t("marks.keys")}</span>
        </p>
        <div class="segments" role="group" aria-label={t("marks.tools")}>
          {keysOf(KINDS).map((one) => (
            <button type="button" key={one} aria-pressed={kind === one} onClick={() => setKind(one)}>
              {t(`marks.${one}`)}
            </button>
          ))}
        </div>
        <div class="mark-steps">
          <button
            type="button"
            class="button"
            aria-disabled={isEmpty}
            onClick={() => (from ? setFrom(null) : onChange(marks.slice(0, -1)))}
          >
            {t("marks.undo")}
          </button>
          <button type="button" class="button" aria-disabled={isEmpty} onClick={clear}>
            {t("marks.clear")}
          </button>
        </div>
      </div>
    </div>
  );
}

function Cross({ spot, size }: { spot: Spot; size: Size }) {
  const path = `M${spot.x * size.width} ${spot.y * size.height}m-20 0h40m-20 -20v40`;
  return (
    <g>
      <path class="mark-edge" d={path} />
      <path class="mark-line" d={path} />
    </g>
  );
}
