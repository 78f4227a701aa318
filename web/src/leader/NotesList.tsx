import { listLeaderNotes } from "../api/leader";
import type { LeaderNote } from "../api/leader";
import type { Page as Paged } from "../api/types";
import { t } from "../texts";
import { Empty, Fetched } from "../ui/Notice";
import { useCached } from "../ui/useCached";
import { Notes } from "./Notes";
import "./words";

/** The latest notes that one may read, each with what it is about. */
export function NotesList({ isQuiet }: { isQuiet?: true }) {
  const notes = useCached<Paged<LeaderNote>>("leader-notes", () => listLeaderNotes(null, null));
  if (isQuiet && (notes.body?.items ?? []).length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="notes-title">
      <h2 id="notes-title">{t("leader.notes")}</h2>
      <Fetched of={notes}>
        {({ items }) => (items.length === 0 ? <Empty>{t("leader.noNotes")}</Empty> : <Notes notes={items} />)}
      </Fetched>
    </section>
  );
}
