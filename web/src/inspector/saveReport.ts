import type { Report } from "../api/types";
import { changed, drain } from "../outbox/drain";
import type { ReportEntry } from "../outbox/entry";
import { sentMarks } from "../photo/marks";
import { requestPersistence } from "../store/storageSpace";
import { finishDraft } from "../store/drafts";
import type { ReportDraft } from "../store/records";
import { toBody } from "../store/reportFields";
import { itemOf, placeOf, reference } from "../session/reference";
import { fitsPlace } from "../session/fitting";
import { t } from "../texts";
import { headlineOf, placeNameOf } from "./headline";

export type ReportFault =
  | "photos"
  | "place"
  | "placeName"
  | "placePosition"
  | "retired"
  | "item"
  | "misfit"
  | "severity";
/** Faults that are shown at once: the choice was valid when it was made and no longer is. */
export const TURNED_WRONG: readonly ReportFault[] = ["retired", "misfit"];

/** What the service would refuse, in the order of the page. */
export function faultsOf(draft: ReportDraft): ReportFault[] {
  const faults: ReportFault[] = [];
  const named = draft.fields.place;
  const place = named ? undefined : placeOf(draft.fields.pointId);
  const item = itemOf(draft.fields.itemCode);
  if (draft.photos.length === 0) faults.push("photos");
  if (named) {
    if (named.name.trim() === "") faults.push("placeName");
    if (draft.fields.location === null) faults.push("placePosition");
  } else if (draft.fields.pointId === null) faults.push("place");
  else if (reference.value !== null && !place) faults.push("retired");
  if (draft.fields.itemCode === null || (reference.value !== null && !item)) faults.push("item");
  else if (place && item && !fitsPlace(item, place)) faults.push("misfit");
  if (draft.fields.severity === null) faults.push("severity");
  return faults;
}

/** Resolves when the report and all bytes of its photos are saved. Sending starts by itself. */
export async function saveReport(draft: ReportDraft): Promise<void> {
  await finishDraft(draft, entryOf);
  void changed().then(drain);
  void requestPersistence();
}

/**
 * The time of the finding is that of its first photo, but not before the form was opened: a photo from the album may
 * be old.
 */
export function foundAt(draft: Pick<ReportDraft, "createdAt" | "photos">): string {
  const [first] = draft.photos;
  return new Date(Math.max(draft.createdAt, first ? Date.parse(first.capturedAt) : 0)).toISOString();
}

function entryOf(draft: ReportDraft): ReportEntry {
  const body: Report = {
    ...toBody(draft.fields),
    captured_at: foundAt(draft),
    photos: draft.photos.map((photo) => ({
      id: photo.id,
      view: photo.view as "far",
      captured_at: photo.capturedAt,
      sha256: photo.sha256,
      ...sentMarks(photo),
    })),
  };
  const title = [placeNameOf(draft.fields), headlineOf(draft.fields)].filter(Boolean).join(t("punctuation.dot"));
  return {
    kind: "report",
    id: draft.id,
    userId: draft.userId,
    issueId: draft.id,
    title,
    photos: draft.photos,
    sentPhotos: [],
    state: "waiting",
    attempts: 0,
    nextAt: 0,
    setback: null,
    receipt: null,
    createdAt: Date.now(),
    deliveredAt: null,
    isTried: false,
    ...(draft.replaces ? { replaces: draft.replaces } : {}),
    isReceived: false,
    body,
  };
}
