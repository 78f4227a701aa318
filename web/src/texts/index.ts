// Words for people: Chinese in the app, English fetched when it is chosen.
import { signal } from "@preact/signals";
import { zh } from "./zh";

export type TextKey = keyof typeof zh;
export type Texts = Record<TextKey, string>;
export type Language = "zh-CN" | "en";

export const language = signal<Language>("zh-CN");
const texts = signal<Texts>(zh);

/** The words for `key`, with `{name}` replaced. */
export function t(key: TextKey, values?: Record<string, string | number>): string {
  const words = texts.value[key];
  return values ? words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : words;
}

export async function speak(next: Language): Promise<void> {
  texts.value = next === "en" ? (await import("./en")).en : zh;
  language.value = next;
  document.documentElement.lang = next;
  document.title = t("app.name");
}

/** A name that reference data gives in both languages. */
export const named = (thing: { name: string; name_en: string } | undefined): string =>
  thing === undefined ? "" : language.value === "en" && thing.name_en ? thing.name_en : thing.name;
export const titled = (thing: { title: string; title_en: string } | undefined): string =>
  thing === undefined ? "" : language.value === "en" && thing.title_en ? thing.title_en : thing.title;
