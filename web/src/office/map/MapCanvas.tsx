import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Location } from "../../api/types";
import { t } from "../../texts";
import { actionOf } from "../keys";
import type { KeyAction } from "../keys";
import { draw } from "../../map/draw";
import type { Mark } from "../../map/draw";
import { askAgain, isGroundMissing, piecesOf, useGround } from "./ground";
import type { Ground } from "./ground";
import { moved, toLocation, toPixel, zoomed } from "../../map/view";
import type { Pixel, View } from "../../map/view";

interface Props<M extends Mark> {
  label: string;
  /** `null` for what `initialView` shows. */
  view: Signal<View | null>;
  initialView: (width: number, height: number) => View;
  marksOf: (view: View) => M[];
  /** Somebody pointed at a mark. */
  onMark?: (mark: M) => void;
  /** Somebody pressed the ground, with no mark near. */
  onGround?: (at: Location) => void;
  /** Instead of the county's own ground. */
  ground?: Ground | undefined;
  urlOfImage?: string | undefined;
  /** More buttons under the map. */
  children?: ComponentChildren;
}

/** How close to a mark a press has to be, in pixels. Source: app plan §10.2, targets of 48. */
const REACH_PX = 24;
/** Pixels after which a press is a drag. Source: our choice. */
const DRAG_PX = 6;
/** Pixels that an arrow key moves. Source: our choice. */
const STEP_PX = 60;
const NEARER = 0.7;
const WHEEL = 0.85;
const FARTHER = 1 / NEARER;

/** An interactive map: moved by finger, mouse or keys, zoomed by two fingers, wheel, keys or buttons. */
export function MapCanvas<M extends Mark>({
  label,
  view,
  initialView,
  marksOf,
  onMark,
  onGround,
  ground,
  urlOfImage,
  children,
}: Props<M>) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pointers = useRef(new Map<number, Pixel>());
  const pressed = useRef<Pixel | null>(null);
  const [isGroundShown, setGroundShown] = useState(true);
  const county = useGround();
  const under = ground ?? county;
  const hasGround = Boolean(under?.image ?? under?.tiles);

  const size = () => ({ width: canvas.current?.clientWidth ?? 0, height: canvas.current?.clientHeight ?? 0 });
  function change(next: (old: View, width: number, height: number) => View) {
    const { width, height } = size();
    if (width > 0) view.value = next(view.value ?? initialView(width, height), width, height);
  }
  const zoom = (factor: number, at?: Pixel) =>
    change((old, width, height) => zoomed(old, factor, at ?? { x: width / 2, y: height / 2 }, width, height));
  const move = (dx: number, dy: number) => change((old) => moved(old, dx, dy));
  const at = (event: MouseEvent): Pixel => {
    const box = canvas.current?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  };

  const shown = view.value;
  const paint = useRef(() => {});
  const wheel = useRef(zoom);
  wheel.current = zoom;
  paint.current = () => {
    const { width, height } = size();
    if (!canvas.current || width === 0) return;
    const now = shown ?? initialView(width, height);
    draw(
      canvas.current,
      now,
      marksOf(now),
      isGroundShown ? piecesOf(under, now, width, height, devicePixelRatio || 1, urlOfImage) : [],
    );
  };
  useLayoutEffect(() => paint.current());
  useEffect(() => {
    const again = () => paint.current();
    // Not passive: otherwise the page would scroll, too.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      wheel.current(event.deltaY < 0 ? WHEEL : 1 / WHEEL, at(event));
    };
    const { current } = canvas;
    addEventListener("resize", again);
    current?.addEventListener("wheel", onWheel, { passive: false });
    return () => {
      removeEventListener("resize", again);
      current?.removeEventListener("wheel", onWheel);
    };
  }, []);

  function onKey(event: KeyboardEvent) {
    const moves: Partial<Record<KeyAction, () => void>> = {
      left: () => move(STEP_PX, 0),
      right: () => move(-STEP_PX, 0),
      up: () => move(0, STEP_PX),
      down: () => move(0, -STEP_PX),
      nearer: () => zoom(NEARER),
      farther: () => zoom(FARTHER),
      whole: () => {
        view.value = null;
      },
    };
    const doIt = moves[actionOf("map", event) ?? "help"];
    if (!doIt) return;
    event.preventDefault();
    doIt();
  }
  function onDown(event: PointerEvent) {
    if (event.button !== 0) return;
    canvas.current?.setPointerCapture(event.pointerId);
    pointers.current.set(event.pointerId, at(event));
    pressed.current = pointers.current.size === 1 ? at(event) : null;
  }
  function onMove(event: PointerEvent) {
    const { current: all } = pointers;
    const before = all.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    if (pressed.current && Math.hypot(now.x - pressed.current.x, now.y - pressed.current.y) < DRAG_PX) return;
    pressed.current = null;
    const other = [...all].find(([id]) => id !== event.pointerId)?.[1];
    if (other) {
      // Two fingers: their midpoint moves the map, their distance zooms it.
      const apart = (one: Pixel) => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      change((old, width, height) =>
        zoomed(
          moved(old, (now.x - before.x) / 2, (now.y - before.y) / 2),
          apart(before) / apart(now),
          middle,
          width,
          height,
        ),
      );
    } else move(now.x - before.x, now.y - before.y);
    all.set(event.pointerId, now);
  }
  function onUp(event: PointerEvent) {
    if (!pointers.current.delete(event.pointerId) || !pressed.current) return;
    const place = pressed.current;
    pressed.current = null;
    const { width, height } = size();
    const now = view.value ?? initialView(width, height);
    const nearest = marksOf(now)
      .map((mark) => {
        const { x, y } = toPixel(now, mark.location, width, height);
        return { mark, away: Math.hypot(x - place.x, y - place.y) };
      })
      .sort((a, b) => a.away - b.away)[0];
    if (onMark && nearest && nearest.away < REACH_PX) onMark(nearest.mark);
    else onGround?.(toLocation(now, place, width, height));
  }
  const onCancel = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId);
    pressed.current = null;
  };

  return (
    <div class="stack">
      <canvas
        class="map"
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={label}
        onKeyDown={onKey}
        onPointerDown={onDown}
        onPointerMove={onMove}
        onPointerUp={onUp}
        onPointerCancel={onCancel}
      />
      <div class="wrap">
        <button type="button" class="button" onClick={() => zoom(NEARER)}>
          {t("map.nearer")}
        </button>
        <button type="button" class="button" onClick={() => zoom(FARTHER)}>
          {t("map.farther")}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            view.value = null;
          }}
        >
          {t("map.all")}
        </button>
        {children}
        {hasGround ? (
          <button
            type="button"
            class="button"
            aria-pressed={isGroundShown}
            onClick={() => setGroundShown(!isGroundShown)}
          >
            {t("map.ground")}
          </button>
        ) : null}
      </div>
      {hasGround && isGroundShown && isGroundMissing.value ? (
        <p class="meta" role="status">
          {t("map.groundMissing")}{" "}
          <button type="button" class="link" onClick={askAgain}>
            {t("action.retry")}
          </button>
        </p>
      ) : null}
      {under?.tiles?.credit ? <p class="caption">{t("map.credit", { credit: under.tiles.credit })}</p> : null}
    </div>
  );
}
