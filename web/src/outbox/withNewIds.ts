import type { AnswerEntry, ReportEntry } from "./entry";

/** The same record with new ids, for when its own already name something else. */
export function withNewIds(
  entry: ReportEntry | AnswerEntry,
  newId: () => string,
): { next: ReportEntry | AnswerEntry; photoIds: Map<string, string> } {
  const photoIds = new Map(entry.photos.map((photo) => [photo.id, newId()]));
  const rename = <P extends { id: string }>(photo: P): P => ({ ...photo, id: photoIds.get(photo.id) ?? photo.id });
  const fresh = {
    photos: entry.photos.map(rename),
    sentPhotos: [],
    state: "waiting" as const,
    attempts: 0,
    nextAt: 0,
    setback: null,
    isTried: false,
  };
  if (entry.kind === "report") {
    const id = newId();
    return {
      next: {
        ...entry,
        ...fresh,
        id,
        issueId: id,
        isReceived: false,
        body: { ...entry.body, photos: entry.body.photos.map(rename) },
      },
      photoIds,
    };
  }
  const photos = entry.body.photos as { id: string }[] | undefined;
  // A changed body needs a new key.
  const id = newId();
  return {
    next: {
      ...entry,
      ...fresh,
      id,
      key: id,
      wasKeyless: false,
      body: photos ? { ...entry.body, photos: photos.map(rename) } : entry.body,
    },
    photoIds,
  };
}
