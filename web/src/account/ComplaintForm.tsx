import { useEffect, useRef, useState } from "preact/hooks";
import { fileComplaint, listOwnComplaints } from "../api/complaints";
import type { ComplaintKind, OwnComplaint } from "../api/complaints";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { COMPLAINT_CHARS_MAX } from "../api/limits";
import { reachable } from "../api/request";
import { keysOf } from "../keysOf";
import { uuid } from "../session/uuid";
import { readMeta, writeMeta } from "../store/cache";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { Choices, TextField } from "../ui/Choices";
import { useCached } from "../ui/useCached";
import { forgetTyped, useTyped } from "../ui/useTyped";
import { FailureNotice, Fetched, Notice } from "../ui/Notice";

/** Who reads each kind, as the form says. */
const READ_BY: Record<ComplaintKind, "complaint.toOffice" | "complaint.toDiscipline"> = {
  work: "complaint.toOffice",
  conduct: "complaint.toDiscipline",
  service: "complaint.toOffice",
  suggestion: "complaint.toOffice",
};

/** The complaint being written. It keeps its id until it has arrived, so sending it twice files it once. */
interface Draft {
  id: string;
  kind: ComplaintKind | null;
  body: string;
  named: boolean;
  isSent: boolean;
}
const empty = (): Draft => ({ id: uuid(), kind: null, body: "", named: false, isSent: false });

/** A form for a complaint, and the answers to earlier ones. */
export function ComplaintForm({ userId }: { userId: string }) {
  const key = `complaint|${userId}`;
  const own = useCached<OwnComplaint[]>("complaints/own", listOwnComplaints);
  const [draft, setDraft] = useState<Draft | null>(null);
  // What is written to the database takes a moment, in which the page may be gone.
  const [typed, setTyped] = useTyped<Draft | null>("complaint", "draft", null);
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isFiled, setFiled] = useState(false);
  const current = useRef(draft);
  current.current = draft;

  useEffect(
    () =>
      void readMeta(key)
        .catch(() => undefined)
        .then((kept) => setDraft(typed ?? (kept as Draft | null | undefined) ?? empty())),
    [key],
  );
  // Sends again when the network is back, as long as this page is open.
  useEffect(() => {
    if (reachable.value && current.current?.isSent && !isBusy) void send(current.current);
  }, [reachable.value, draft === null]);

  function change(part: Partial<Draft>) {
    if (!draft) return;
    // A changed text is a new complaint, because the first may have arrived without our getting the answer.
    const next = { ...draft, ...part, ...(draft.isSent ? { id: uuid(), isSent: false } : {}) };
    setDraft(next);
    setTyped(next);
    setFiled(false);
    writeMeta(key, next).catch(() => undefined);
  }
  async function send(what: Draft) {
    if (what.kind === null || what.body.trim() === "") return;
    setBusy(true);
    setFailure(null);
    const sent = { ...what, isSent: true };
    setDraft(sent);
    setTyped(sent);
    await writeMeta(key, sent).catch(() => undefined);
    try {
      await fileComplaint(what.id, { kind: what.kind, body: what.body, named: what.named });
      await writeMeta(key, null).catch(() => undefined);
      forgetTyped("complaint");
      setDraft(empty());
      setTried(false);
      setFiled(true);
      own.reload();
    } catch (cause) {
      setFailure(asFailure(cause));
    } finally {
      setBusy(false);
    }
  }
  function submit(event: Event) {
    event.preventDefault();
    setTried(true);
    if (draft) void send(draft);
  }

  if (draft === null) return null;
  return (
    <>
      <form class="stack" onSubmit={submit} noValidate>
        <p>{t("complaint.intro")}</p>
        <Choices<ComplaintKind>
          name="kind"
          legend={t("complaint.about")}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
          options={keysOf(READ_BY).map((value) => ({ value, label: t(`complaintKind.${value}`) }))}
          error={isTried && draft.kind === null ? t("field.required") : null}
        />
        {draft.kind ? <p class="meta">{t(READ_BY[draft.kind])}</p> : null}
        <TextField
          id="complaint"
          label={t("complaint.body")}
          rows={6}
          max={COMPLAINT_CHARS_MAX}
          value={draft.body}
          onInput={(body) => change({ body })}
          error={isTried && draft.body.trim() === "" ? t("field.required") : null}
        />
        <label class="tick">
          <input
            type="checkbox"
            checked={draft.named}
            onChange={(event) => change({ named: event.currentTarget.checked })}
          />
          {t("complaint.named")}
        </label>
        <p class="meta">{t(draft.named ? "complaint.namedHint" : "complaint.unnamedHint")}</p>
        {isFiled ? (
          <Notice tone="success" role="status">
            <p>{t("complaint.filed")}</p>
          </Notice>
        ) : null}
        {failure ? (
          <FailureNotice
            failure={failure}
            safe={t(failure.isUnreachable ? "complaint.keptWaiting" : "complaint.kept")}
            onRetry={() => void send(draft)}
          />
        ) : null}
        <button type="submit" class="button button-primary button-wide" disabled={isBusy}>
          {isBusy ? t("complaint.sending") : t("complaint.send")}
        </button>
        {reachable.value || failure ? null : <p class="meta">{t("complaint.offline")}</p>}
      </form>
      <section class="stack" aria-labelledby="own-title">
        <h2 id="own-title">{t("complaint.own")}</h2>
        <Fetched of={own} rows={1}>
          {(all) =>
            all.length === 0 ? (
              <p class="meta">{t("complaint.none")}</p>
            ) : (
              <ul class="stack">
                {all.map((one) => (
                  <li class="card stack-tight" key={one.id}>
                    <p class="row-spread">
                      <span class="meta">
                        {t(`complaintKind.${one.kind}`)}
                        {t("punctuation.dot")}
                        {formatMoment(one.filed_at)}
                      </span>
                      <span class={`chip ${one.answer === null ? "tone-warn" : "tone-success"}`}>
                        {t(one.answer === null ? "complaint.open" : "complaint.answered")}
                      </span>
                    </p>
                    <p class="quote" lang="zh-CN">
                      {one.body}
                    </p>
                    {one.answer === null ? null : (
                      <>
                        <p class="meta">
                          {t("complaint.answerAt", {
                            at: one.answered_at === null ? "" : formatMoment(one.answered_at),
                          })}
                        </p>
                        <p class="quote" lang="zh-CN">
                          {one.answer}
                        </p>
                      </>
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </Fetched>
      </section>
    </>
  );
}
