// What of an issue still waits on this device, and what has gone.
import { entries } from "../outbox/drain";
import { isUnsent } from "../outbox/entry";
import type { AnswerEntry, OutboxEntry } from "../outbox/entry";

/** What of this issue still waits on this device, if anything. */
export const pendingFor = (issueId: string): OutboxEntry[] =>
  entries.value.filter((entry) => entry.issueId === issueId && isUnsent(entry));

/** The step on this issue that was delivered last, as far as this device still knows. */
export const lastDelivered = (issueId: string): AnswerEntry | undefined =>
  entries.value.find(
    (entry): entry is AnswerEntry =>
      entry.issueId === issueId && entry.kind === "answer" && entry.state === "delivered",
  );
