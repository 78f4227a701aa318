import { useEffect, useState } from "preact/hooks";
import { session } from "../session/session";
import { listDrafts } from "../store/draftList";
import { readEntry } from "../store/outbox";
import { addTexts, t } from "../texts";
import { zhOutbox } from "../texts/zh/outbox";
import { Notice } from "../ui/Notice";
import { entries } from "./drain";
import type { OutboxEntry } from "./entry";
import "../texts/withForms";

addTexts(zhOutbox);

type Fate = "waiting" | "delivered" | "attention" | "draft" | "gone";

const fateOf = (entry: OutboxEntry): Fate => (entry.state === "sending" ? "waiting" : entry.state);

/** What has become of a record that is not in the list: it may not have been read yet. */
async function findFate(id: string): Promise<Fate> {
  const entry = await readEntry(id);
  if (entry) return fateOf(entry);
  const drafts = await listDrafts(session.value?.user.id ?? "");
  return drafts.some((draft) => draft.id === id || draft.replaces?.includes(id)) ? "draft" : "gone";
}

/** Says of the record that was just saved what is true of it now. `waiting` are the words while it is not sent. */
export function SavedNotice({ id, waiting }: { id: string; waiting: string }) {
  const entry = entries.value.find((one) => one.id === id);
  const [found, setFound] = useState<Fate | null>(null);
  useEffect(() => {
    let isCurrent = true;
    if (!entry)
      findFate(id).then(
        (fate) => isCurrent && setFound(fate),
        () => undefined,
      );
    return () => {
      isCurrent = false;
    };
  }, [id, entry === undefined, entries.value]);
  const fate = entry ? fateOf(entry) : found;
  // A record that needs attention says itself why.
  if (fate === null || fate === "attention") return null;
  const said = {
    waiting,
    delivered: t("outbox.savedSent"),
    draft: t("outbox.savedDraft"),
    gone: t("outbox.savedGone"),
  };
  return (
    <Notice tone={fate === "waiting" || fate === "delivered" ? "success" : "info"} role="status">
      <p>{said[fate]}</p>
    </Notice>
  );
}
