import { useState } from "preact/hooks";
import { readIssue } from "../api/issues";
import { asFailure } from "../api/failure";
import { MarkedPicture } from "../photo/MarkedPicture";
import { link } from "../router";
import { uuid } from "../session/uuid";
import { removeEntry } from "../store/outbox";
import { replaceEntryIds } from "../store/outboxMaintenance";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { ConfirmButton } from "../ui/ConfirmButton";
import { problemText, failureText } from "../ui/failureText";
import { StateChip } from "../ui/StateChip";
import { drain, progress, refresh, sendNow } from "./drain";
import { sizeOf } from "./entry";
import type { OutboxEntry, OutboxState } from "./entry";
import { withNewIds } from "./withNewIds";
import { saveEvents } from "./unsavedEvents";

const TONES: Record<OutboxState, string> = {
  waiting: "",
  sending: "tone-info",
  attention: "tone-danger",
  delivered: "tone-success",
};

/** Bytes of it that have arrived or are on their way. */
export const sentBytes = (entry: OutboxEntry): number =>
  entry.photos.reduce(
    (sum, photo) =>
      sum +
      (entry.sentPhotos.includes(photo.id)
        ? photo.sizeBytes
        : Math.min(photo.sizeBytes, progress.value[photo.id] ?? 0)),
    0,
  );

/** One record: what it is, where it stands, and what can be done about it. */
export function EntryCard({ entry }: { entry: OutboxEntry }) {
  const [first] = entry.photos;
  const at = Math.min(entry.photos.length, entry.sentPhotos.length + 1);
  const total = sizeOf(entry);
  return (
    <article class="card card-tight stack">
      <div class="row">
        {first ? (
          <span class="thumb">
            <MarkedPicture id={first.id} marks={first.marks} alt="" />
          </span>
        ) : null}
        <div class="grow stack-tight">
          <h3>
            {entry.kind === "answer" ? `${t(`do.${entry.action}`)}${t("punctuation.dot")}` : ""}
            {entry.title}
          </h3>
          <p class="meta">
            {t("outbox.savedAt", { at: formatMoment(entry.createdAt) })}
            {entry.photos.length > 0 ? ` · ${t("outbox.photos", { count: entry.photos.length })}` : ""}
          </p>
          <p>
            <span class={`chip ${TONES[entry.state]}`}>{t(`outbox.state.${entry.state}`)}</span>
          </p>
        </div>
      </div>
      {entry.state === "sending" && total > 0 ? (
        <>
          <progress max={total} value={sentBytes(entry)} aria-label={t("outbox.progress")} />
          <p class="meta">
            {t("outbox.photoOf", {
              at,
              count: entry.photos.length,
              percent: Math.floor((sentBytes(entry) / total) * 100),
            })}
          </p>
        </>
      ) : null}
      {entry.state === "waiting" && entry.kind === "answer" && entry.after ? (
        <p class="meta">{t("outbox.afterFirst")}</p>
      ) : null}
      {entry.state === "waiting" && entry.setback ? (
        <p class="meta">
          {t("outbox.lastTry", { why: problemText(entry.setback.code, entry.setback.title), count: entry.attempts })}
        </p>
      ) : null}
      {entry.state === "delivered" && entry.receipt ? (
        <div class="row-spread">
          <p class="meta">
            {t("outbox.receipt", {
              at: formatMoment(entry.receipt.at),
              code: entry.receipt.number ?? entry.issueId.slice(0, 8).toUpperCase(),
            })}{" "}
            <StateChip state={entry.receipt.state} />
          </p>
          <a class="button" href={link("issue", entry.issueId)}>
            {t("action.open")}
          </a>
        </div>
      ) : null}
      {entry.state === "waiting" ? (
        <div class="wrap">
          <Edit entry={entry} />
        </div>
      ) : null}
      {entry.state === "attention" ? <Attention entry={entry} /> : null}
    </article>
  );
}

/** Takes it back to a draft. */
function Edit({ entry }: { entry: OutboxEntry }) {
  const [note, setNote] = useState<string | null>(null);
  const edit = () =>
    void import("./edit")
      .then((part) => part.edit(entry.id))
      .then(setNote, (cause: unknown) => setNote(failureText(asFailure(cause))));
  return (
    <>
      <button type="button" class="button" onClick={edit}>
        {t("outbox.edit")}
      </button>
      {note ? (
        <p class="field-error" role="alert">
          {note}
        </p>
      ) : null}
    </>
  );
}

function Attention({ entry }: { entry: OutboxEntry }) {
  const [note, setNote] = useState<string | null>(null);
  const code = entry.setback?.code ?? "internal";
  const isStale = entry.kind === "answer" && (code === "stale-version" || code === "issue-illegal-transition");

  async function sendOnTopOfNow() {
    try {
      const issue = await readIssue(entry.issueId);
      if (entry.kind === "answer" && !issue.allowed_actions.includes(entry.action))
        return setNote(t("outbox.noLongerPossible", { state: t(`issue.${issue.state}`) }));
      await saveEvents(entry.id, { kind: "rebased", version: issue.version, at: Date.now() });
      await refresh();
      await drain();
    } catch (cause) {
      setNote(failureText(asFailure(cause)));
    }
  }
  async function sendAsNew() {
    const { next, photoIds } = withNewIds(entry, uuid);
    await replaceEntryIds(entry, next, photoIds);
    await refresh();
    await drain();
  }

  return (
    <div class="stack">
      <p class="text-danger">{problemText(code, entry.setback?.title)}</p>
      {entry.setback?.fields.length ? (
        <ul class="meta">
          {entry.setback.fields.map((field) => (
            <li key={field.pointer}>
              {t(`field.${field.code}`)} ({field.pointer})
            </li>
          ))}
        </ul>
      ) : null}
      <p class="meta">{t("outbox.safe")}</p>
      {entry.setback?.requestId ? <p class="meta">{t("outbox.requestId", { id: entry.setback.requestId })}</p> : null}
      {note ? (
        <p class="field-error" role="alert">
          {note}
        </p>
      ) : null}
      <div class="wrap">
        {isStale ? (
          <>
            <a class="button" href={link("issue", entry.issueId)}>
              {t("outbox.seeChange")}
            </a>
            <button type="button" class="button button-primary" onClick={() => void sendOnTopOfNow()}>
              {t("outbox.rebase")}
            </button>
          </>
        ) : code === "id-reused" ? (
          <button type="button" class="button button-primary" onClick={() => void sendAsNew()}>
            {t("outbox.sendAsNew")}
          </button>
        ) : (
          <button type="button" class="button button-primary" onClick={() => void sendNow([entry.id])}>
            {t("action.retry")}
          </button>
        )}
        <Edit entry={entry} />
        <ConfirmButton
          label={t("action.delete")}
          question={t("outbox.deleteSure")}
          onConfirm={() => void removeEntry(entry).then(refresh)}
        />
      </div>
    </div>
  );
}
