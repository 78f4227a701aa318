// What this device has of a person, so that a file does not bring it a second time. Not only what is here now counts:
// a record that was taken back and changed goes on under another id, and the file still has it as it was before.
import { listDrafts } from "../store/draftList";
import { entryIdOf } from "../store/drafts";
import { listEntries } from "../store/outbox";

/** The ids of records and drafts, of the records these will become, and of those they were before a change. */
export async function idsHere(userId: string): Promise<Set<string>> {
  const [entries, drafts] = await Promise.all([listEntries(userId), listDrafts(userId)]);
  return new Set([
    ...entries.flatMap((entry) => [entry.id, ...(entry.replaces ?? [])]),
    ...drafts.flatMap((draft) => [draft.id, entryIdOf(draft), ...(draft.replaces ?? [])]),
  ]);
}
