// Records about an issue that are still on this device.
import { entries } from "../outbox/drain";
import { isUnsent } from "../outbox/entry";
import type { AnswerEntry, OutboxEntry } from "../outbox/entry";

/** Records about this issue that are not sent yet. */
export const pendingFor = (issueId: string): OutboxEntry[] =>
  entries.value.filter((entry) => entry.issueId === issueId && isUnsent(entry));

/** The last action on this issue that was delivered, as far as this device knows. */
export const lastDelivered = (issueId: string): AnswerEntry | undefined =>
  entries.value.find(
    (entry): entry is AnswerEntry =>
      entry.issueId === issueId && entry.kind === "answer" && entry.state === "delivered",
  );
