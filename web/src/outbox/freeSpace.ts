// A module of its own, because few devices are ever full.
import { isFull } from "../store/database";
import { listDrafts } from "../store/draftList";
import { listEntries, removeEntry } from "../store/outbox";
import { keepDelivered } from "../store/outboxMaintenance";
import { isUnsent } from "./entry";
import type { OutboxEntry } from "./entry";
import { withdrawalsFor } from "./readiness";
import { withUnsavedEvents, dropEvents, hasUnsavedEvents } from "./unsavedEvents";

/** Whether the other one still needs to know what became of this one. */
const isAwaited = (entry: OutboxEntry, other: OutboxEntry): boolean =>
  other.kind === "visit"
    ? isUnsent(other) && other.awaits.includes(entry.id)
    : other.kind === "answer"
      ? other.after === entry.id
      : isUnsent(other) && withdrawalsFor(other, [entry]).length > 0;

/**
 * Deletes records whose delivery could not be saved, because their own bytes fill the device. A record is deleted
 * whole, so that it is never sent without its photos, and written back without photos if there is room then. Records
 * that wait for another one are handled first.
 */
export async function freeSpace(userId: string): Promise<void> {
  const drafts = await listDrafts(userId);
  let kept = (await listEntries(userId)).sort((a, b) => b.createdAt - a.createdAt);
  for (const entry of kept) {
    const known = withUnsavedEvents(entry);
    const isOfDraft = known.kind === "report" && drafts.some(({ id }) => id === known.body.visit_id);
    if (
      known.state !== "delivered" ||
      !hasUnsavedEvents(entry.id) ||
      isOfDraft ||
      kept.some((other) => isAwaited(known, other))
    )
      continue;
    await removeEntry(entry);
    kept = kept.filter((other) => other !== entry);
    dropEvents(entry.id);
    await keepDelivered({ ...known, photos: [] }).catch((cause: unknown) => {
      if (!isFull(cause)) throw cause;
    });
  }
}
