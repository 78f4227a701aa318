import type { Failure } from "../api/failure";
import { faultText } from "../ui/Notice";

/** What is wrong with the field at `pointer`, or `null`. */
export function faultAt(failure: Failure | null, pointer: string): string | null {
  const fault = failure?.fields.find((field) => field.pointer === pointer);
  return fault ? faultText(fault) : null;
}
