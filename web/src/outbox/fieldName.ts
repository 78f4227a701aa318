import type { TextKey } from "../texts";
import { t, textIfKnown } from "../texts";

/** The fields of reports and steps by their names in the contract; the titles of facets are named after them. */
const NAMES: Partial<Record<string, TextKey>> = {
  point_id: "place.title",
  place: "unlisted.title",
  item_code: "item.title",
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
  const name = pointer.split("/")[1] ?? "";
  const key = NAMES[name];
  return key ? t(key) : (textIfKnown(`${name}.title`) ?? "");
}
