// Draws long lists a few rows in each frame, and a row again only if it has changed, so that keys respond at once.
import { Component } from "preact";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { keysOf } from "../keysOf";

/** A row that is drawn again only when one of its properties is another one. */
export abstract class Row<P extends object> extends Component<P> {
  override shouldComponentUpdate(next: P): boolean {
    const here = this.props as Record<string, unknown>;
    return keysOf(next as Record<string, unknown>).some((name) => here[name] !== (next as typeof here)[name]);
  }

  abstract override render(props: P): ComponentChildren;
}

/** Rows of the first frame. Source: measured, what a machine six times slower than ours draws in a frame. */
const FIRST_ROWS = 10;
/** A frame that took less has room for more rows, one that took longer for fewer; in milliseconds. */
const FRAME_MS = { short: 28, long: 50 };
const ROWS_MIN = 5;

/** How many of `total` rows are drawn by now: more with each frame, as many as this device draws in time. */
export function useDrawn(total: number): number {
  const [count, setCount] = useState(FIRST_ROWS);
  const size = useRef(FIRST_ROWS);
  useLayoutEffect(() => {
    if (count >= total) return;
    const began = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const frame = requestAnimationFrame(() => {
      // After the frame is painted.
      timer = setTimeout(() => {
        const took = performance.now() - began;
        if (took < FRAME_MS.short) size.current *= 2;
        else if (took > FRAME_MS.long) size.current = Math.max(ROWS_MIN, Math.ceil(size.current / 2));
        setCount(count + size.current);
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
    };
  }, [count, total]);
  return Math.min(count, total);
}
