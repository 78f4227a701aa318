// Phrases 常用语 for texts of a unit, one a line, stored for each person on this device.
import { t } from "../texts";
import { keep, readKept } from "./kept";

/** The actions of a unit that ask for words. */
export const PHRASED = ["report-fix", "return", "request-extension", "dispute", "request-hang"] as const;
export type Phrased = (typeof PHRASED)[number];
export const isPhrased = (action: string | undefined): action is Phrased =>
  (PHRASED as readonly (string | undefined)[]).includes(action);

/** Most characters of all phrases of an action. Source: our choice. */
export const PHRASES_CHARS_MAX = 2_000;

const starter = (action: Phrased): string => t(`starter.${action}`).split("|").join("\n");

/** As they are edited. */
export const phraseLines = (action: Phrased): string => readKept(`phrases/${action}`) ?? starter(action);
export const phrasesIn = (lines: string): string[] => [
  ...new Set(
    lines
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean),
  ),
];
export const keepPhrases = (action: Phrased, lines: string): void => keep(`phrases/${action}`, lines);
export const resetPhrases = (action: Phrased): void => keep(`phrases/${action}`, null);

/** What is written, and a phrase behind it; as it was where there is no room for it. */
export function withPhrase(written: string, phrase: string, most: number): string {
  const words = written.trim() === "" ? phrase : `${written}${t("punctuation.comma")}${phrase}`;
  return words.length > most ? written : words;
}
