// Decides which position a report gets: only one that was measured at about the time of one of its photos.
import type { Location } from "../api/types";
import type { PositionState } from "../place/position";
import type { PhotoRef } from "../store/records";
import type { ReportFields } from "../store/reportFields";

/** A position measured longer before or after a photo says nothing about it. */
export const POSITION_AGE_MAX_MS = 120_000;

type Placed = Pick<ReportFields, "location" | "locatedAt">;

const isOf = (photos: Pick<PhotoRef, "capturedAt">[], at: number): boolean =>
  photos.some((photo) => Math.abs(Date.parse(photo.capturedAt) - at) <= POSITION_AGE_MAX_MS);

/**
 * The position of the report. It stays as long as the photo it belongs to. Drafts of older apps do not say when theirs
 * was measured, and keep it.
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

/** Whether a position measured now could still belong to a photo. */
export const canBeLocated = (photos: Pick<PhotoRef, "capturedAt">[], now: number): boolean =>
  photos.length === 0 || isOf(photos, now);
