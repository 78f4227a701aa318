// A part of its own, fetched ahead: few devices are ever full.
import { isFull } from "../store/database";
import { listEntries, removeEntry } from "../store/outbox";
import { keepDelivered } from "../store/outboxMaintenance";
import { withUnsavedEvents, forget, hasUnsavedEvents } from "./unsavedEvents";

/**
 * What was delivered, and could not be written to be, goes: its own bytes are what fills the device. It goes whole, so
 * that it is never sent without its photos, and comes back without them where that made room. What waits behind it
 * goes first.
 */
export async function freeSpace(userId: string): Promise<void> {
  let kept = (await listEntries(userId)).sort((a, b) => b.createdAt - a.createdAt);
  for (const entry of kept) {
    const known = withUnsavedEvents(entry);
    if (
      known.state !== "delivered" ||
      !hasUnsavedEvents(entry.id) ||
      kept.some((other) => other.kind === "answer" && other.after === entry.id)
    )
      continue;
    await removeEntry(entry);
    kept = kept.filter((other) => other !== entry);
    forget(entry.id);
    await keepDelivered({ ...known, photos: [] }).catch((cause: unknown) => {
      if (!isFull(cause)) throw cause;
    });
  }
}
