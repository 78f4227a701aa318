// What the form of a report holds: one place for its type, its beginning, and the way to the service's body and back.
import type { Location, Report, Severity } from "../api/types";

export interface ReportFields {
  pointId: string | null;
  itemCode: string | null;
  severity: Severity | null;
  description: string;
  location: Location | null;
  /** When the position was measured, in milliseconds since the epoch; missing in drafts of older apps. */
  locatedAt?: number | null;
}

/** What the form asks for; the other fields of a report come from its photos. */
type Asked = Omit<Report, "photos" | "captured_at" | "visit_id">;

export const newFields = (pointId: string | null): ReportFields => ({
  pointId,
  itemCode: null,
  severity: null,
  description: "",
  location: null,
});

export const toBody = (fields: ReportFields): Required<Asked> => ({
  point_id: fields.pointId ?? "",
  item_code: fields.itemCode ?? "",
  severity: fields.severity ?? "low",
  description: fields.description.trim(),
  location: fields.location,
});

export const fromBody = (body: Asked): ReportFields => ({
  pointId: body.point_id,
  itemCode: body.item_code,
  severity: body.severity,
  description: body.description ?? "",
  location: body.location ?? null,
});
