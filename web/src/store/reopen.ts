import { write } from "./database";
import { movePhotos } from "./outboxMaintenance";
import type { Draft } from "./records";
import type { OutboxEntry } from "../outbox/entry";

/** The draft that a record becomes, and the photos that get new ids with it. */
export interface ReopenedDraft {
  draft: Draft;
  photoIds: ReadonlyMap<string, string>;
  /** The step that withdraws what the service has of the record. */
  withdrawal?: OutboxEntry | undefined;
}
export type Reopening = { kind: "draft"; draft: Draft } | { kind: "gone" | "sending" | "delivered" | "draftExists" };

/**
 * Takes a record back to a draft in one transaction: at any time it is one of the two, with all its photos. A record
 * that another page has sent or is sending since it was `seen` stays.
 */
export const reopen = (seen: OutboxEntry, remake: (entry: OutboxEntry) => ReopenedDraft): Promise<Reopening> =>
  write(["drafts", "outbox", "photos", "chunks"], async (tx) => {
    const entry = await tx.objectStore("outbox").get(seen.id);
    if (!entry) return { kind: "gone" };
    if (entry.state === "delivered" || entry.state === "sending") return { kind: entry.state };
    if (entry.state !== seen.state || entry.attempts !== seen.attempts || entry.nextAt !== seen.nextAt)
      return { kind: "sending" };
    const { draft, photoIds, withdrawal } = remake(entry);
    if (await tx.objectStore("drafts").get(draft.id)) return { kind: "draftExists" };
    await movePhotos(tx, photoIds, draft.id);
    await tx.objectStore("drafts").add(draft);
    await tx.objectStore("outbox").delete(seen.id);
    if (withdrawal) await tx.objectStore("outbox").add(withdrawal);
    return { kind: "draft", draft };
  });
