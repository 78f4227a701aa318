import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { route } from "../router";
import { t } from "../texts";
import { useOverlay } from "../ui/overlay";
import { actionOf, isTyping, SHORTCUTS } from "./keys";
import type { KeyPlace } from "./keys";

export const isHelpOpen = signal(false);

/** The list for the present page comes first; all are shown. */
const PLACES: KeyPlace[] = ["everywhere", "overview", "queue", "field", "list", "map", "pair", "viewer"];
const PLACE_OF: Record<string, KeyPlace> = {
  overview: "overview",
  queue: "queue",
  issues: "list",
  map: "map",
  issue: "pair",
};

/** Listens for `?` on every page of the office, and shows every shortcut there is. */
export function Keys() {
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (!isTyping(event) && actionOf("everywhere", event) === "help") isHelpOpen.value = true;
    }
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
      isHelpOpen.value = false;
    };
  }, []);
  return isHelpOpen.value ? (
    <KeysHelp
      onClose={() => {
        isHelpOpen.value = false;
      }}
    />
  ) : null;
}

function KeysHelp({ onClose }: { onClose: () => void }) {
  const { box, onKeyDown } = useOverlay(onClose);
  const here = PLACE_OF[route.value.path[0] ?? "overview"];
  const places = here ? [here, ...PLACES.filter((place) => place !== here)] : PLACES;
  return (
    <div
      class="veil"
      role="dialog"
      aria-modal="true"
      aria-labelledby="keys-title"
      ref={box}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div class="card stack">
        <div class="row-spread">
          <h2 id="keys-title">{t("keys.title")}</h2>
          <button type="button" class="button" onClick={onClose}>
            {t("action.close")}
          </button>
        </div>
        {places.map((place) => (
          <section class="stack-tight" key={place} aria-labelledby={`keys-${place}`}>
            <h3 id={`keys-${place}`}>{t(`keys.at.${place}`)}</h3>
            <dl class="facts keys">
              {shownAt(place).map(([keys, words]) => (
                <>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{words}</dd>
                </>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </div>
  );
}

/** Keys with the same meaning are shown together. */
function shownAt(place: KeyPlace): [keys: string[], words: string][] {
  const all = new Map<string, string[]>();
  for (const one of SHORTCUTS.filter((shortcut) => shortcut.place === place))
    all.set(t(one.words), [...(all.get(t(one.words)) ?? []), one.shown]);
  return Array.from(all, ([words, keys]) => [keys, words]);
}
