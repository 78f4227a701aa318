import type { Failure, FailureCode } from "../api/failure";
import { t } from "../texts";
import type { TextKey } from "../texts";

export const codeWords = (code: FailureCode | "photo-lost"): string => t(`problem.${code}` as TextKey);

export function failureWords(failure: Failure): string {
  const words = codeWords(failure.code);
  // These say who or until when in their detail, which is in the reader's language already.
  const withDetail = ["separation-of-duties", "window-passed"].includes(failure.code);
  return withDetail && failure.detail ? `${words}${t("punctuation.colon")}${failure.detail}` : words;
}
