import type { Milestone } from "../ui/PlanFields";
import type { Action, Location, PhotoView, Remedy, Severity } from "../api/types";

/**
 * What was drawn on a photo: kept beside it, in parts of the upright picture's width and height, so that the photo
 * stays as it was taken.
 */
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

export interface ReportFields {
  pointId: string | null;
  itemCode: string | null;
  severity: Severity | null;
  description: string;
  location: Location | null;
  /** When the position was heard, in milliseconds since the epoch; drafts of older apps do not say. */
  locatedAt?: number | null;
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
  /** Steps of a plan; drafts from before there were any have none. */
  plan?: Milestone[];
}

interface DraftBase {
  /** The issue for a report, `person/issue/action` for an answer. */
  id: string;
  userId: string;
  issueId: string;
  title: string;
  photos: PhotoRef[];
  createdAt: number;
  updatedAt: number;
}
export interface ReportDraft extends DraftBase {
  kind: "report";
  fields: ReportFields;
}
export interface AnswerDraft extends DraftBase {
  kind: "answer";
  /**
   * The record it will become, drawn when it was begun, so that it can become only one; drafts of older apps have
   * none.
   */
  entryId?: string;
  action: Action;
  version: number;
  fields: AnswerFields;
}
export type Draft = ReportDraft | AnswerDraft;
