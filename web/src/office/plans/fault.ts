import type { Failure } from "../../api/failure";
import { t } from "../../texts";

/** What the service said of a field, in words; `null` if nothing. */
export function faultAt(failure: Failure | null, pointer: string): string | null {
  const field = failure?.fields.find((one) => one.pointer === pointer);
  return field ? `${t(`field.${field.code}`)}${t("punctuation.colon")}${field.detail}` : null;
}
