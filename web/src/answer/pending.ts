// Records about an issue that are still on this device.
import { entries } from "../outbox/drain";
import { isUnsent } from "../outbox/entry";
import type { OutboxEntry } from "../outbox/entry";

/** Records about this issue that are not sent yet. */
export const pendingFor = (issueId: string): OutboxEntry[] =>
  entries.value.filter((entry) => entry.issueId === issueId && isUnsent(entry));
