import { listLeaderNotes, listOwnPairings } from "../api/leader";
import type { LeaderNote, OwnPairing } from "../api/leader";
import type { Page as Paged } from "../api/types";
import { may } from "../session/session";
import { t } from "../texts";
import { useCached } from "../ui/useCached";
import { NoteForm } from "./NoteForm";
import { Notes } from "./Notes";
import "./words";

interface OfIssue {
  issueId: string;
  unitId: string | null;
  pointId: string;
}

/** The notes on an issue, where there are any; a leader who is paired with its unit or point can write one. */
export function NotesBox(of: OfIssue) {
  const notes = useCached<Paged<LeaderNote>>(`leader-notes/${of.issueId}`, () => listLeaderNotes(of.issueId, null));
  // A failure is no reason to disturb the page of the issue.
  const found = notes.body?.items ?? [];
  const isWriter = may("write-leader-notes");
  if (found.length === 0 && !isWriter) return null;
  return (
    <>
      {found.length > 0 ? (
        <section class="card stack" aria-labelledby="leader-notes-title">
          <h2 id="leader-notes-title">{t("leader.notes")}</h2>
          <Notes notes={found} isOfIssue />
        </section>
      ) : null}
      {isWriter ? <Writing of={of} onSent={notes.reload} /> : null}
    </>
  );
}

function Writing({ of: { issueId, unitId, pointId }, onSent }: { of: OfIssue; onSent: () => void }) {
  const own = useCached<OwnPairing[]>("own-pairings", listOwnPairings);
  const isOf = (one: OwnPairing) => (one.point_id === null ? one.unit_id === unitId : one.point_id === pointId);
  const pairing = (own.body ?? []).find((one) => one.is_on && isOf(one));
  return pairing ? (
    <section class="card no-print">
      <NoteForm pairing={pairing.id} issue={issueId} onSent={onSent} />
    </section>
  ) : null;
}
