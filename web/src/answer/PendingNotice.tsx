import { entries } from "../outbox/drain";
import { isUnsent } from "../outbox/entry";
import type { AnswerEntry, OutboxEntry } from "../outbox/entry";
import { EntryCard } from "../outbox/EntryCard";
import { t } from "../texts";
import { Lazy } from "../ui/Lazy";
import { Notice } from "../ui/Notice";

const loadChanges = () => import("./ChangesSince").then((part) => part.ChangesSince);

/** What of this issue still waits on this device, if anything. */
export const pendingFor = (issueId: string): OutboxEntry[] =>
  entries.value.filter((entry) => entry.issueId === issueId && isUnsent(entry));

/** The step on this issue that was delivered last, as far as this device still knows. */
export const lastDelivered = (issueId: string): AnswerEntry | undefined =>
  entries.value.find((entry): entry is AnswerEntry => entry.issueId === issueId && entry.kind === "answer" && entry.state === "delivered");

/** Said on the issue itself: a person must not do a step twice because its sending is slow. */
export function PendingNotice({ issueId }: { issueId: string }) {
  const pending = pendingFor(issueId);
  const [latest] = entries.value.filter((entry) => entry.issueId === issueId && entry.kind === "answer" && entry.state === "delivered" && Date.now() - (entry.deliveredAt ?? 0) < 60_000);
  if (pending.length > 0) return <section class="stack" role="status"><p class="meta">{t("pending.title")}</p>{pending.map((entry) => (
    <div class="stack" key={entry.id}>
      <EntryCard entry={entry} />
      {entry.kind === "answer" && entry.state === "attention" ? <Lazy name="changes" load={loadChanges} props={{ issueId, version: entry.version }} /> : null}
    </div>
  ))}</section>;
  if (latest?.kind === "answer") return <Notice tone="success" role="status"><p>{t("pending.delivered", { what: t(`do.${latest.action}`) })}</p></Notice>;
  return null;
}
