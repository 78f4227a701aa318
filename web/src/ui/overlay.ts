// Dialogs over a page: they take the focus and give it back, and Back closes them before it leaves the page.
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

  // As a layout effect, so that a key pressed at once goes to the dialog.
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    // A click beside its buttons focuses the dialog, not the page below, which would hear the next key.
    if (box.current) box.current.tabIndex = -1;
    box.current?.querySelector<HTMLElement>(FOCUSABLE)?.focus();
    const name = `overlay-${++count}`;
    // A history entry at the same address, for Android's Back.
    history.pushState({ overlay: name }, "");
    const onBack = () => {
      if (overlayOf(history.state) !== name) close.current();
    };
    addEventListener("popstate", onBack);
    return () => {
      removeEventListener("popstate", onBack);
      // Closed by other means: remove the entry, or the next Back would do nothing.
      if (overlayOf(history.state) === name) history.back();
      // Another page may have been opened meanwhile.
      (before?.isConnected ? before : document.querySelector<HTMLElement>("h1"))?.focus();
    };
  }, []);

  function onKeyDown(event: KeyboardEvent) {
    // The page below must not handle it.
    event.stopPropagation();
    // It belongs to an input method; older browsers only say 229.
    if (event.isComposing || event.keyCode === 229) return;
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
  const here = document.activeElement;
  if (here !== edge && here !== box && box?.contains(here)) return;
  event.preventDefault();
  (event.shiftKey ? all[all.length - 1] : all[0])?.focus();
}
