// Whether a position belongs to a report: only one that was heard about when a photo of it was taken.
import type { Location } from "../api/types";
import type { PositionState } from "../place/position";
import type { PhotoRef, ReportFields } from "../store/records";

/** A position heard further from a photo than this, before or after, says nothing about where it was taken. */
export const POSITION_AGE_MAX_MS = 120_000;

type Placed = Pick<ReportFields, "location" | "locatedAt">;

const isOf = (photos: Pick<PhotoRef, "capturedAt">[], at: number): boolean =>
  photos.some((photo) => Math.abs(Date.parse(photo.capturedAt) - at) <= POSITION_AGE_MAX_MS);

/**
 * What the report may say about where it was made. A position stays while the photo it belongs to does; drafts of older
 * apps do not know when theirs was heard, and keep it.
 */
export function located(kept: Placed, photos: Pick<PhotoRef, "capturedAt">[], state: PositionState): Placed {
  if (
    kept.location &&
    photos.length > 0 &&
    (kept.locatedAt === undefined || kept.locatedAt === null || isOf(photos, kept.locatedAt))
  )
    return kept;
  if (state.kind === "known" && isOf(photos, state.at))
    return { location: state.location as Location, locatedAt: state.at };
  return kept.location === null ? kept : { location: null, locatedAt: null };
}

/** Whether a position that is heard now could still be a photo's. */
export const canBeLocated = (photos: Pick<PhotoRef, "capturedAt">[], now: number): boolean =>
  photos.length === 0 || isOf(photos, now);
