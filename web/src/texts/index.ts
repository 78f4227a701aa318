// Words for people: Chinese in the app, English fetched when it is chosen.
import { signal } from "@preact/signals";
import { zh } from "./zh";
import type { zhAccount } from "./zhAccount";
import type { zhAnswer } from "./zhAnswer";
import type { zhMonth } from "./zhMonth";
import type { zhOffice } from "./zhOffice";
import type { zhUnit } from "./zhUnit";

export type TextKey = keyof typeof zh | keyof typeof zhAccount | keyof typeof zhAnswer | keyof typeof zhMonth | keyof typeof zhOffice | keyof typeof zhUnit;
export type Texts = Record<TextKey, string>;
export type Language = "zh-CN" | "en";

export const language = signal<Language>("zh-CN");
/** The Chinese words that have come so far: a part of the app brings its own. */
let chinese: Partial<Texts> = zh;
const texts = signal<Partial<Texts>>(zh);

/** To be called by the module whose pages need them, before they are drawn. */
export function addTexts(more: Partial<Texts>): void {
  chinese = { ...chinese, ...more };
  if (language.value === "zh-CN") texts.value = chinese;
}

/** The words for `key`, with `{name}` replaced. */
export function t(key: TextKey, values?: Record<string, string | number>): string {
  const words = texts.value[key] ?? "";
  return values ? words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : words;
}

export async function speak(next: Language): Promise<void> {
  texts.value = next === "en" ? (await import("./en")).en : chinese;
  language.value = next;
  document.documentElement.lang = next;
  document.title = t("app.name");
}

/** A name that reference data gives in both languages. */
export const named = (thing: { name: string; name_en: string } | undefined): string =>
  thing === undefined ? "" : language.value === "en" && thing.name_en ? thing.name_en : thing.name;
export const titled = (thing: { title: string; title_en: string } | undefined): string =>
  thing === undefined ? "" : language.value === "en" && thing.title_en ? thing.title_en : thing.title;
