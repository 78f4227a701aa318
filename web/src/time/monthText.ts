import { t } from "../texts";

/** A month `2026-09` in words: `2026年9月`. Its text is in forms.ts. */
export function monthText(month: string): string {
  const [year = "", number = ""] = month.split("-");
  return t("time.month", { year, month: Number(number) });
}
