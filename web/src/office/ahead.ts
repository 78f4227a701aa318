// Reads the next case while this one is on the screen, so that it appears as soon as this one is decided.
import { readIssue } from "../api/issues";
import { photoUrl } from "../api/photos";
import type { OfficeIssue } from "../api/types";
import { responsibleFor } from "./responsible";

/** What was read ahead, a few at most. */
const known = new Map<string, OfficeIssue>();
const KNOWN_MAX = 8;
/** How many photos of a case are fetched ahead: those in sight. */
const PHOTOS_MAX = 4;

export async function readAhead(row: OfficeIssue): Promise<void> {
  if ((known.get(row.id)?.version ?? 0) >= row.version) return;
  for (const photo of row.photos.filter((one) => one.has_preview).slice(0, PHOTOS_MAX))
    new Image().src = photoUrl(photo.id, "thumb");
  void responsibleFor(row);
  const issue = (await readIssue(row.id).catch(() => null)) as OfficeIssue | null;
  if (issue === null) return;
  if (known.size >= KNOWN_MAX) known.delete(known.keys().next().value ?? "");
  known.set(issue.id, issue);
}

/** The newest of what is known of the case. */
export function knownCase(row: OfficeIssue | undefined): OfficeIssue | undefined {
  const ahead = row && known.get(row.id);
  return ahead && ahead.version >= row.version ? ahead : row;
}
