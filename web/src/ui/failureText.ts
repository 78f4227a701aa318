import type { Failure } from "../api/failure";
import type { SetbackCode } from "../outbox/retryPolicy";
import { textIfKnown, t } from "../texts";

/** Our own text if there is one, else the service's title in the reader's language. */
export const problemText = (code: SetbackCode, title: string | null | undefined): string =>
  textIfKnown(`problem.${code}`) ?? (title || t("problem.other", { code }));

export function failureText(failure: Failure): string {
  const words = problemText(failure.code, failure.title);
  // The detail of these says who or until when.
  const withDetail = ["separation-of-duties", "window-passed"].includes(failure.code);
  return withDetail && failure.detail ? `${words}${t("punctuation.colon")}${failure.detail}` : words;
}
