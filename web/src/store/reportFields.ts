// What the form of a report holds: one place for its type, its beginning, and the way to the service's body and back.
import type { Location, Report, Severity } from "../api/types";
import { keysOf } from "../keysOf";

export interface ReportFields {
  pointId: string | null;
  itemCode: string | null;
  severity: Severity | null;
  description: string;
  location: Location | null;
  /** Instead of a point: a place off the list, which is where the phone was. Missing in drafts of older apps. */
  place?: { name: string; address: string } | null;
  /** When the position was measured, in milliseconds since the epoch; missing in drafts of older apps. */
  locatedAt?: number | null;
  /** The visit that it was found on, whose point and item it then has. */
  visitId?: string | null;
  /** The capture number that it names, where the county expects one. */
  nonce?: string | null;
}

/** What the form asks for; the other fields of a report come from its photos. */
type Asked = Omit<Report, "photos" | "captured_at" | "sent_at">;

export const newFields = (pointId: string | null): ReportFields => ({
  pointId,
  itemCode: null,
  severity: null,
  description: "",
  location: null,
});

/** What is left out of a body that does not say it: a service that does not know it would refuse it. */
const LEFT_OUT = {
  place: placeOf,
  capture_nonce: ({ nonce }: ReportFields) => nonce || null,
} satisfies { [Name in keyof Asked]?: (fields: ReportFields) => Asked[Name] };

type MayLack = keyof typeof LEFT_OUT;

/** Every field that the service takes: each is named here or above. */
export const toBody = (fields: ReportFields): Omit<Required<Asked>, MayLack> & Pick<Asked, MayLack> => ({
  point_id: fields.place ? null : (fields.pointId ?? ""),
  item_code: fields.itemCode ?? "",
  severity: fields.severity ?? "low",
  description: fields.description.trim(),
  location: fields.location,
  visit_id: fields.visitId ?? null,
  ...said(fields),
});

function said(fields: ReportFields): Pick<Asked, MayLack> {
  const found: Pick<Asked, MayLack> = {};
  for (const name of keysOf(LEFT_OUT)) {
    const value = LEFT_OUT[name](fields);
    if (value !== null) Object.assign(found, { [name]: value });
  }
  return found;
}

/** A place is named only with its position; the form asks for both. */
function placeOf({ place, location }: ReportFields): NonNullable<Asked["place"]> | null {
  if (!place || !location) return null;
  const address = place.address.trim();
  const { lat, lon } = location;
  return { name: place.name.trim(), location: { lat, lon }, ...(address ? { address } : {}) };
}

/** Every field that a report says: none is lost when a report comes back into the form. */
export const fromBody = (body: Asked): Omit<Required<ReportFields>, "locatedAt"> => ({
  pointId: body.point_id ?? null,
  place: body.place ? { name: body.place.name, address: body.place.address ?? "" } : null,
  itemCode: body.item_code,
  severity: body.severity,
  description: body.description ?? "",
  location: body.location ?? null,
  visitId: body.visit_id ?? null,
  nonce: body.capture_nonce ?? null,
});
