// What lies over a page: it takes the focus and gives it back, and Back closes it before it leaves the page.
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

let count = 0;

export interface Overlay {
  box: RefObject<HTMLDivElement | null>;
  onKeyDown: (event: KeyboardEvent) => void;
}

const FOCUSABLE =
  "button:not([disabled]), a[href], input:not([disabled]), select:not([disabled]), " +
  "textarea:not([disabled]), [tabindex='0']";

/** For a dialog: put `box` and `onKeyDown` on its element. `onKey` hears the keys that are not the dialog's own. */
export function useOverlay(onClose: () => void, onKey?: (event: KeyboardEvent) => void): Overlay {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  // With the dialog itself, not after it: a key pressed at once is meant for it.
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    box.current?.querySelector<HTMLElement>(FOCUSABLE)?.focus();
    const name = `overlay-${++count}`;
    // An entry of its own at the same address, for Android's Back to take away.
    history.pushState({ overlay: name }, "");
    const onBack = () => {
      if (overlayOf(history.state) !== name) close.current();
    };
    addEventListener("popstate", onBack);
    return () => {
      removeEventListener("popstate", onBack);
      // Closed otherwise: the entry goes too, or the next Back would do nothing.
      if (overlayOf(history.state) === name) history.back();
      // Unless it was left for another page, which has its own focus.
      if (before?.isConnected) before.focus();
    };
  }, []);

  function onKeyDown(event: KeyboardEvent) {
    // What lies beneath must not hear it.
    event.stopPropagation();
    if (event.key === "Escape") close.current();
    else if (event.key === "Tab") trap(event, box.current);
    else onKey?.(event);
  }
  return { box, onKeyDown };
}

const overlayOf = (state: unknown): string | null => (state as { overlay?: string } | null)?.overlay ?? null;

function trap(event: KeyboardEvent, box: HTMLElement | null): void {
  const all = Array.from(box?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? []);
  const edge = event.shiftKey ? all[0] : all[all.length - 1];
  if (document.activeElement !== edge && box?.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
}
