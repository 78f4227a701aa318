import type { Failure } from "../api/failure";
import type { SetbackCode } from "../outbox/retryPolicy";
import { textIfKnown, t } from "../texts";
import { formatDeadline } from "../time/moment";

/** Our own text if there is one, else the service's title in the reader's language. */
export const problemText = (code: SetbackCode, title: string | null | undefined): string =>
  textIfKnown(`problem.${code}`) ?? (title || t("problem.other", { code }));

export function failureText(failure: Failure): string {
  const words = problemText(failure.code, failure.title);
  const { code, detail } = failure;
  // The detail of these says until when, or who.
  const more = code === "window-passed" ? detail && formatDeadline(detail) : code === "separation-of-duties" && detail;
  return more ? `${words}${t("punctuation.colon")}${more}` : words;
}
