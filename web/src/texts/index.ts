// All texts of the app: Chinese is built in, English is fetched when it is chosen.
import { signal } from "@preact/signals";
import { zhStart } from "./zh/start";
import type { zhAccount } from "./zh/account";
import type { zhAnswer } from "./zh/answer";
import type { zhBatches } from "./zh/batches";
import type { zhCards } from "./zh/cards";
import type { zhCharge } from "./zh/charge";
import type { zhDesk } from "./zh/desk";
import type { zhFigures } from "./zh/figures";
import type { zhFollow } from "./zh/follow";
import type { zhForms } from "./zh/forms";
import type { zhInspector } from "./zh/inspector";
import type { zhKeeper } from "./zh/keeper";
import type { zhLeader } from "./zh/leader";
import type { zhMeeting } from "./zh/meeting";
import type { zhMonth } from "./zh/month";
import type { zhMonths } from "./zh/months";
import type { zhCodeNames } from "./zh/codeNames";
import type { zhNotices } from "./zh/notices";
import type { zhOutbox } from "./zh/outbox";
import type { zhPhone } from "./zh/phone";
import type { zhOffice } from "./zh/office";
import type { zhNeeds } from "./zh/needs";
import type { zhPlans } from "./zh/plans";
import type { zhSelfFound } from "./zh/selfFound";
import type { zhSettings } from "./zh/settings";
import type { zhSetup } from "./zh/setup";
import type { zhUnit } from "./zh/unit";
import type { zhVisits } from "./zh/visits";

/** Texts whose English is loaded with their part of the app. */
export type SettingsKey = keyof typeof zhSettings;
export type SetupKey = keyof typeof zhSetup;
export type FiguresKey = keyof typeof zhFigures;
export type OfficeKey = keyof typeof zhOffice;
export type DeskKey = keyof typeof zhDesk;
export type FollowKey = keyof typeof zhFollow;
export type BatchesKey = keyof typeof zhBatches;
export type CardsKey = keyof typeof zhCards;
export type ChargeKey = keyof typeof zhCharge;
export type NeedsKey = keyof typeof zhNeeds;
export type SelfFoundKey = keyof typeof zhSelfFound;
export type KeeperKey = keyof typeof zhKeeper;
export type CodeNamesKey = keyof typeof zhCodeNames;
export type PlansKey = keyof typeof zhPlans;
export type MonthsKey = keyof typeof zhMonths;
export type LeaderKey = keyof typeof zhLeader;
export type MeetingKey = keyof typeof zhMeeting;
export type TextKey =
  | keyof typeof zhStart
  | keyof typeof zhAccount
  | keyof typeof zhAnswer
  | BatchesKey
  | CardsKey
  | ChargeKey
  | DeskKey
  | FollowKey
  | keyof typeof zhForms
  | keyof typeof zhInspector
  | keyof typeof zhMonth
  | MonthsKey
  | LeaderKey
  | MeetingKey
  | KeeperKey
  | CodeNamesKey
  | keyof typeof zhNotices
  | FiguresKey
  | OfficeKey
  | NeedsKey
  | SelfFoundKey
  | PlansKey
  | keyof typeof zhVisits
  | keyof typeof zhOutbox
  | keyof typeof zhPhone
  | keyof typeof zhUnit
  | SettingsKey
  | SetupKey;
export type Texts = Record<TextKey, string>;
export type Language = "zh-CN" | "en";

export const language = signal<Language>("zh-CN");
/** The Chinese texts loaded so far: each part of the app adds its own. */
let chinese: Partial<Texts> = zhStart;
const texts = signal<Partial<Texts>>(zhStart);
/** Loaders of English texts that are not in the common file. */
const english: (() => Promise<Partial<Texts>>)[] = [];

/** Call it in the module that needs the texts, before its pages are drawn. */
export function addTexts(more: Partial<Texts>, inEnglish?: () => Promise<Partial<Texts>>): void {
  chinese = { ...chinese, ...more };
  if (inEnglish) english.push(inEnglish);
  if (language.value === "zh-CN") texts.value = chinese;
  else if (inEnglish)
    void inEnglish().then((words) => {
      if (language.value === "en") texts.value = { ...texts.value, ...words };
    });
}

/** The text of a key that may be unknown here. */
export const textIfKnown = (key: string): string | undefined => texts.value[key as TextKey];

/** The text of `key` with `{name}` replaced. A code that only a newer service knows is returned as it is. */
export function t(key: TextKey, values?: Record<string, string | number>): string {
  const words = texts.value[key] ?? chinese[key] ?? key.slice(key.lastIndexOf(".") + 1);
  return values ? words.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole)) : words;
}

export async function setLanguage(next: Language): Promise<void> {
  if (next === "en") {
    const [{ en }, ...parts] = await Promise.all([import("./en"), ...english.map((load) => load())]);
    texts.value = Object.assign({}, en, ...parts) as Partial<Texts>;
  } else texts.value = chinese;
  language.value = next;
  document.documentElement.lang = next;
  document.title = t("app.name");
}

/** A name that reference data gives in both languages. */
export const localName = (thing: { name: string; name_en: string } | undefined): string =>
  thing === undefined ? "" : language.value === "en" && thing.name_en ? thing.name_en : thing.name;
export const localTitle = (thing: { title: string; title_en: string } | undefined): string =>
  thing === undefined ? "" : language.value === "en" && thing.title_en ? thing.title_en : thing.title;
/** The item as a problem (消防通道被占用), else its title. English only has the title. */
export const faultTitle = (item: { title: string; title_en: string; fault?: string } | undefined): string =>
  item === undefined ? "" : language.value === "en" && item.title_en ? item.title_en : item.fault || item.title;
