// Which records of a person this device has had, so that a file does not import them a second time. Records that have
// gone count, too: one that was taken back and changed continues under another id, while the file still has it as it
// was.
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
