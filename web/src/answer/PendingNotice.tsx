import { entries } from "../outbox/drain";
import { EntryCard } from "../outbox/EntryCard";
import { t } from "../texts";
import { Lazy } from "../ui/Lazy";
import { Notice } from "../ui/Notice";
import { changes } from "../parts";
import { pendingFor } from "./pending";

/** Shown on the issue, so that nobody repeats an action because sending it takes long. */
export function PendingNotice({ issueId }: { issueId: string }) {
  const pending = pendingFor(issueId);
  const [latest] = entries.value.filter(
    (entry) =>
      entry.issueId === issueId &&
      entry.kind === "answer" &&
      entry.state === "delivered" &&
      Date.now() - (entry.deliveredAt ?? 0) < 60_000,
  );
  if (pending.length > 0)
    return (
      <section class="stack" role="status">
        <p class="meta">{t("pending.title")}</p>
        {pending.map((entry) => (
          <div class="stack" key={entry.id}>
            <EntryCard entry={entry} />
            {entry.kind === "answer" && entry.state === "attention" ? (
              <Lazy of={changes} props={{ issueId, version: entry.version }} />
            ) : null}
          </div>
        ))}
      </section>
    );
  if (latest?.kind === "answer")
    return (
      <Notice tone="success" role="status">
        <p>{t("pending.delivered", { what: t(`do.${latest.action}`) })}</p>
      </Notice>
    );
  return null;
}
