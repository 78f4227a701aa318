import type { Failure } from "../../api/failure";
import { faultText } from "../../ui/Notice";

/** What the service said of a field, in words; `null` if nothing. */
export function faultAt(failure: Failure | null, pointer: string): string | null {
  const field = failure?.fields.find((one) => one.pointer === pointer);
  return field ? faultText(field) : null;
}
