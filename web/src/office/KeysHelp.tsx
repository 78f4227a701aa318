import { useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../texts";
import type { TextKey } from "../texts";

/** The keys of a page, over it until Escape or the button. */
export function KeysHelp({ keys, onClose }: { keys: [key: string, what: TextKey][]; onClose: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  // With the dialog itself, not after it: a key pressed at once is meant for it.
  useLayoutEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    button.current?.focus();
    return () => before?.focus();
  }, []);
  return (
    <div class="veil" role="dialog" aria-modal="true" aria-labelledby="keys-title" onClick={(event) => { if (event.target === event.currentTarget) onClose(); }}
      onKeyDown={(event) => { if (event.key === "Escape") onClose(); else if (event.key === "Tab") event.preventDefault(); event.stopPropagation(); }}>
      <div class="card stack">
        <h2 id="keys-title">{t("keys.title")}</h2>
        <dl class="facts">{keys.map(([key, what]) => <><dt><kbd>{key}</kbd></dt><dd>{t(what)}</dd></>)}</dl>
        <button type="button" class="button" ref={button} onClick={onClose}>{t("action.close")}</button>
      </div>
    </div>
  );
}

/** Whether a key is meant for a field and not for the page. */
export const isTyping = (event: KeyboardEvent): boolean =>
  event.ctrlKey || event.metaKey || event.altKey || (event.target instanceof HTMLInputElement && event.target.type !== "checkbox" && event.target.type !== "radio") ||
  event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLSelectElement;
