import type { TextKey } from "../texts";
import { t } from "../texts";

/** The fields of reports and steps by their names in the contract. */
const NAMES: Partial<Record<string, TextKey>> = {
  point_id: "place.title",
  place: "unlisted.title",
  item_code: "item.title",
  severity: "severity.title",
  description: "report.description",
  location: "position.title",
  photos: "photo.title",
  captured_at: "inspector.capturedAt",
  remedy: "remedy.title",
  measure: "issue.measure",
  handler: "answer.handler",
  plan: "unit.plan",
  reason: "fieldName.reason",
  note: "fieldName.note",
  until: "fieldName.until",
  held: "fieldName.held",
  on_site: "fieldName.onSite",
  proposed_unit_id: "fieldName.unit",
};

/** What a person calls the field that a JSON pointer names; nothing where they know none. */
export function fieldName(pointer: string): string {
  const key = NAMES[pointer.split("/")[1] ?? ""];
  return key ? t(key) : "";
}
