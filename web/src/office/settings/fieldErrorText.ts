import type { Failure } from "../../api/failure";
import { faultText } from "../../ui/Notice";

/** What is wrong with the field at `pointer`, or `null`. */
export function fieldErrorText(failure: Failure | null, pointer: string): string | null {
  const fault = failure?.fields.find((field) => field.pointer === pointer);
  return fault ? faultText(fault) : null;
}

/** Whether all faults are already shown beside their fields. */
export const isBesideFields = (failure: Failure, pointers: string[]): boolean =>
  failure.fields.length > 0 && failure.fields.every((field) => pointers.includes(field.pointer));
