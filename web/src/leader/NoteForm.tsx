import { useState } from "preact/hooks";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { putLeaderNote } from "../api/leader";
import { REASON_CHARS_MAX } from "../api/limits";
import { reachable } from "../api/request";
import { uuid } from "../session/uuid";
import { t } from "../texts";
import { FailureNotice, Notice } from "../ui/Notice";
import { TextField } from "../ui/TextField";
import { forgetTyped, useTyped } from "../ui/useTyped";
import "./words";

/** Writes a note 督战 on a pairing, or on an issue of it. */
export function NoteForm({
  pairing,
  issue = null,
  onSent,
}: {
  pairing: string;
  issue?: string | null;
  onSent: () => void;
}) {
  const form = `leader-note/${pairing}/${issue ?? ""}`;
  const [note, setNote, wasTyped] = useTyped(form, "note", "");
  // Kept until it is sent: what is sent again after a lost answer is the same note.
  const [id, setId] = useTyped(form, "id", uuid());
  const [isBusy, setBusy] = useState(false);
  const [isSent, setSent] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  async function send(event: Event) {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    setId(id);
    try {
      await putLeaderNote(id, { pairing_id: pairing, issue_id: issue, note: note.trim() });
      setNote("");
      setId(uuid());
      forgetTyped(form);
      setSent(true);
      onSent();
    } catch (cause) {
      setFailure(asFailure(cause));
    }
    setBusy(false);
  }
  return (
    <details class="no-print" open={wasTyped && note !== ""}>
      <summary>{t("leader.write")}</summary>
      <form class="stack" onSubmit={(event) => void send(event)}>
        <TextField
          id={`note-${pairing}`}
          label={t("leader.note")}
          rows={3}
          max={REASON_CHARS_MAX}
          value={note}
          onInput={setNote}
        />
        {failure ? <FailureNotice failure={failure} /> : null}
        {isSent && note === "" ? (
          <Notice tone="success" role="status">
            <p>{t("leader.sent")}</p>
          </Notice>
        ) : null}
        <button type="submit" class="button" disabled={isBusy || note.trim() === "" || !reachable.value}>
          {t("leader.send")}
        </button>
      </form>
    </details>
  );
}
