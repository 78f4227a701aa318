// Whether the pointer has moved since a form was drawn. A form may appear under a pointer that still rests on the
// button of the case before; a click there is not meant for this one.
import { useLayoutEffect, useRef } from "preact/hooks";

/** How far counts as moved, in pixels: further than a resting hand shakes. Source: our choice. */
const STILL_PX = 4;

interface Spot {
  x: number;
  y: number;
}
/** Where the pointer was last, on the screen: browsers also send moves when only the page has moved. */
let last: Spot | null = null;
const spotOf = (event: MouseEvent): Spot => ({ x: event.screenX, y: event.screenY });
const note = (event: MouseEvent) => {
  last = spotOf(event);
};
addEventListener("pointermove", note, true);
addEventListener("pointerdown", note, true);

/** Returns a function that tells whether the pointer, the wheel, a key or a finger has moved since it was drawn. */
export function useHandMoved(): () => boolean {
  const moved = useRef(false);
  useLayoutEffect(() => {
    const began = last;
    const at = () => {
      moved.current = true;
    };
    const onPointer = (event: MouseEvent) => {
      const { x, y } = spotOf(event);
      if (began === null || Math.hypot(x - began.x, y - began.y) > STILL_PX) at();
    };
    const kinds = [
      ["pointermove", onPointer],
      ["pointerdown", onPointer],
      ["wheel", at],
      ["keydown", at],
    ] as const;
    for (const [kind, heard] of kinds) addEventListener(kind, heard as EventListener, true);
    return () => {
      for (const [kind, heard] of kinds) removeEventListener(kind, heard as EventListener, true);
    };
  }, []);
  return () => moved.current;
}
