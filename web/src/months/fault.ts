import type { Failure } from "../api/failure";
import { language, t } from "../texts";

/** What is wrong with the field at `pointer`, or `null`. */
export function faultAt(failure: Failure | null, pointer: string): string | null {
  const fault = failure?.fields.find((field) => field.pointer === pointer);
  if (!fault) return null;
  return language.value === "en" ? `${t(`field.${fault.code}`)}: ${fault.detail}` : t(`field.${fault.code}`);
}
