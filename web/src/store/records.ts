import type { Milestone } from "../ui/PlanFields";
import type { Action, Interview, ItemResult, Location, PhotoView, Remedy, Severity, TaskRef } from "../api/types";
import type { ReportFields } from "./reportFields";

/** A mark on a photo, as fractions of the upright picture. Stored beside the photo, which stays unchanged. */
export interface Mark {
  kind: "arrow" | "circle" | "blur";
  /** The tail of an arrow; of the others the upper left corner. */
  x1: number;
  y1: number;
  /** The tip of an arrow; of the others the lower right corner. */
  x2: number;
  y2: number;
}

/** A photo as the draft or the record names it; its bytes lie in `photos` and `chunks`. */
export interface PhotoRef {
  id: string;
  view: PhotoView;
  /** Device time, RFC 3339. */
  capturedAt: string;
  sizeBytes: number;
  /** Lower-case hexadecimal SHA-256, where the browser can compute it. */
  sha256: string | null;
  marks?: Mark[];
  /** Whether it was chosen from the album. */
  fromAlbum?: boolean;
  /** The item of a visit that it shows. */
  item?: string;
}

export interface StoredPhoto {
  id: string;
  ownerId: string;
  type: string;
  sizeBytes: number;
  chunkCount: number;
  sha256: string | null;
  capturedAt: string;
  /** A small JPEG to look at, where the browser can decode the original. */
  preview: ArrayBuffer | null;
}

export interface AnswerFields {
  /** `measure`, `reason` or `note`, by action. */
  text: string;
  remedy: Remedy | null;
  handler: string;
  unitId: string | null;
  until: string | null;
  onSite: boolean;
  /** Whether the fix has held, at a look-back. */
  held: boolean | null;
  itemCode: string | null;
  severity: Severity | null;
  /** Milestones of a plan; missing in older drafts. */
  plan?: Milestone[];
}

interface DraftBase {
  /** The issue for a report, `person/issue/action` for an answer, the visit for a visit. */
  id: string;
  userId: string;
  issueId: string;
  title: string;
  photos: PhotoRef[];
  createdAt: number;
  updatedAt: number;
  /** The records that it was before it was taken back, latest first. */
  replaces?: string[];
  /** The photo that the service has refused. */
  refusedPhoto?: string;
}
export interface ReportDraft extends DraftBase {
  kind: "report";
  fields: ReportFields;
}
export interface AnswerDraft extends DraftBase {
  kind: "answer";
  /**
   * The id of the record it will become, created with the draft, so that it becomes only one; missing in drafts of
   * older apps.
   */
  entryId?: string;
  action: Action;
  version: number;
  fields: AnswerFields;
}
/** How an item was found, as far as it is filled in. What fails has a report, which names the visit and the item. */
export interface Seen {
  result: ItemResult;
  note: string;
}
export interface VisitFields {
  pointId: string;
  /** Missing where nobody drew it. */
  task: TaskRef | null;
  /** By the item's code. */
  seen: Partial<Record<string, Seen>>;
  interviews: Interview[];
  location: Location | null;
  /** The capture number that it names, where the county expects one. */
  nonce?: string | null;
}
export interface VisitDraft extends DraftBase {
  kind: "visit";
  fields: VisitFields;
}
export type Draft = ReportDraft | AnswerDraft | VisitDraft;
