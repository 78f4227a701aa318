// What this device's owner chose: language, size, brightness.
import { effect, signal } from "@preact/signals";
import { language, setLanguage } from "../texts";
import type { Language } from "../texts";

export type TextSize = "m" | "l" | "xl";
export type Theme = "system" | "light" | "dark";

export const textSize = signal<TextSize>("m");
export const theme = signal<Theme>("system");
/** Originals are sent on Wi-Fi only, where the browser knows what network it is. */
export const isWifiOnly = signal(false);
/** The hint to install has been closed. */
export const isHintHidden = signal(false);

const KEY = "choices";

/** In localStorage, because they are needed before the first paint. */
export function loadPreferences(): void {
  let kept: { size?: TextSize; theme?: Theme; language?: Language; isHintHidden?: boolean; isWifiOnly?: boolean } = {};
  try {
    kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as typeof kept;
  } catch {
    // Broken or forbidden storage means defaults.
  }
  textSize.value = kept.size ?? "m";
  theme.value = kept.theme ?? "system";
  isHintHidden.value = kept.isHintHidden ?? false;
  isWifiOnly.value = kept.isWifiOnly ?? false;
  if (kept.language === "en") void setLanguage("en");
  effect(() => {
    document.documentElement.dataset.size = textSize.value;
    document.documentElement.dataset.theme = theme.value;
    savePreferences();
  });
}

export function savePreferences(): void {
  try {
    localStorage.setItem(
      KEY,
      JSON.stringify({
        size: textSize.value,
        theme: theme.value,
        language: language.value,
        isHintHidden: isHintHidden.value,
        isWifiOnly: isWifiOnly.value,
      }),
    );
  } catch {
    // Private windows may refuse; the choice then lasts as long as the page.
  }
}
