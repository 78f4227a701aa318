import type { Failure, FailureCode } from "../api/failure";
import { textIfKnown, t } from "../texts";

/**
 * Our own words where there are any, else the service's title, which is in the reader's language: it knows problems
 * this app does not.
 */
export const problemText = (code: FailureCode | "photo-lost", title: string | null | undefined): string =>
  textIfKnown(`problem.${code}`) ?? (title || t("problem.other", { code }));

export function failureText(failure: Failure): string {
  const words = problemText(failure.code, failure.title);
  // These say who or until when in their detail, which is in the reader's language already.
  const withDetail = ["separation-of-duties", "window-passed"].includes(failure.code);
  return withDetail && failure.detail ? `${words}${t("punctuation.colon")}${failure.detail}` : words;
}
