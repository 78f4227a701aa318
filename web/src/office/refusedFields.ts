// Finds the field of a decision that a refusal of the service is about.
import { Failure } from "../api/failure";
import { t } from "../texts";
import type { TextKey } from "../texts";
import { faultText } from "../ui/Notice";

/** By the first step of the pointer into the body. */
const NAMES: Partial<Record<string, TextKey>> = {
  severity: "severity.title",
  unit_id: "unit.title",
  due: "list.due",
  reason: "office.reason",
  note: "office.note",
  granted: "office.granted",
  on_site: "office.onSite",
  founded: "office.founded",
  final: "office.final",
  inspector_id: "role.inspector",
  duplicate_of: "office.duplicateOf",
  plan: "unit.plan",
};

/** The failure, with the name of each field that was at fault. */
export function withFieldNames(failure: Failure): Failure {
  const errors = failure.fields.map((fault) => {
    const name = NAMES[fault.pointer.split("/")[1] ?? ""];
    return name ? { ...fault, name: t(name) } : fault;
  });
  const { code, status, title, detail, requestId, retryAfterMs } = failure;
  const problem = { errors, title: title ?? "", detail: detail ?? "", ...(requestId ? { request_id: requestId } : {}) };
  return new Failure(code, status, problem, retryAfterMs);
}

/** The faults in a line. */
export const faultsLine = (failure: Failure): string =>
  withFieldNames(failure).fields.map(faultText).join(t("punctuation.comma"));
