import { useState } from "preact/hooks";
import { readIssue } from "../api/issues";
import { asFailure } from "../api/failure";
import type { Issue, State } from "../api/types";
import { MarkedPicture } from "../photo/MarkedPicture";
import { link } from "../router";
import { uuid } from "../session/uuid";
import { removeEntry } from "../store/outbox";
import { changeEntry, replaceEntryIds } from "../store/outboxMaintenance";
import { addTexts, t } from "../texts";
import { zhOutbox } from "../texts/zh/outbox";
import { formatMoment } from "../time/moment";
import { ConfirmButton } from "../ui/ConfirmButton";
import { problemText, failureText } from "../ui/failureText";
import { StateChip } from "../ui/StateChip";
import { changed, drain, entries, progress, refresh, sendNow } from "./drain";
import type { OutboxEntry, OutboxState, Setback } from "./entry";
import { fieldName } from "./fieldName";
import { readinessOf, withdrawalsFor } from "./readiness";
import { handlingOf } from "./retryPolicy";
import { Underway } from "./Underway";
import { withoutTask } from "./visitEntry";
import { withNewIds } from "./withNewIds";
import { saveEvents } from "./unsavedEvents";
import { isHeldInPart, withdrawalOf } from "./withdrawal";

addTexts(zhOutbox);

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

/** A withdrawal has nothing in it that could be changed. */
const isWithdrawal = (entry: OutboxEntry): boolean => entry.kind === "answer" && entry.action === "withdraw";

/** One record: what it is, where it stands, and what can be done about it. */
export function EntryCard({
  entry,
  present,
}: {
  entry: OutboxEntry;
  /** How its issue stands now, where that is known: the receipt only says how it stood when it arrived. */
  present?: State | undefined;
}) {
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
            {entry.kind === "answer"
              ? `${t(`do.${entry.action}`)}${t("punctuation.dot")}`
              : entry.kind === "visit"
                ? `${t("visit.title")}${t("punctuation.dot")}`
                : ""}
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
      <Underway entry={entry} />
      {entry.state === "waiting" && entry.kind === "answer" && entry.after ? (
        <p class="meta">{t("outbox.afterFirst")}</p>
      ) : null}
      {entry.state === "waiting" && entry.kind === "visit" && readinessOf(entry, entries.value).kind === "blocked" ? (
        <p class="meta">{t("outbox.afterReports")}</p>
      ) : null}
      {entry.state === "waiting" && entry.setback ? <p class="meta">{lastTry(entry.setback, entry.attempts)}</p> : null}
      {entry.state === "waiting" && isWithdrawal(entry) ? <p class="meta">{t("outbox.withdrawWaits")}</p> : null}
      {entry.state === "delivered" && entry.receipt && isWithdrawal(entry) ? (
        <p>
          {entry.receipt.state === "void"
            ? t("outbox.withdrawn")
            : t("outbox.notWithdrawn", { state: t(`issue.${entry.receipt.state}`) })}
        </p>
      ) : null}
      {entry.state === "delivered" && entry.receipt ? (
        <div class="row-spread">
          <p class="meta">
            {t("outbox.receipt", {
              at: formatMoment(entry.receipt.at),
              code: entry.receipt.number ?? entry.issueId.slice(0, 8).toUpperCase(),
            })}{" "}
            {entry.kind === "visit" ? null : <StateChip state={present ?? entry.receipt.state} />}
          </p>
          <a
            class="button"
            href={entry.kind === "visit" ? `${link("visit", entry.id)}?done=1` : link("issue", entry.issueId)}
          >
            {t("action.open")}
          </a>
        </div>
      ) : null}
      {entry.state === "waiting" && !isWithdrawal(entry) ? (
        <div class="wrap">
          <Edit entry={entry} />
        </div>
      ) : null}
      {entry.state === "attention" ? <Attention entry={entry} /> : null}
    </article>
  );
}

/** What became of the last try. What waits for a login waits for that, however often it was tried. */
function lastTry(setback: Setback, count: number): string {
  const why = problemText(setback.code, setback.title);
  return count === 0 || handlingOf(setback.code, 1) === "login" ? why : t("outbox.lastTry", { why, count });
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

/** States in which an issue has been signed for (签收). */
const IS_SIGNED: Partial<Record<State, true>> = {
  rectifying: true,
  reported: true,
  rework: true,
  hung: true,
  closed: true,
  archived: true,
};

/** A step that is not possible any more: somebody else has taken it, or the issue has gone on. */
const overtakenText = (entry: OutboxEntry, state: State): string =>
  entry.kind === "answer" && entry.action === "sign-in" && IS_SIGNED[state]
    ? t("outbox.overtaken")
    : t("outbox.noLongerPossible", { state: t(`issue.${state}`) });

/** Why it was refused, and that there is no use in sending it again. */
const overtakenBy = ({ setback }: OutboxEntry, { state, version }: Issue): Setback => ({
  ...(setback ?? { code: "issue-illegal-transition", requestId: null, fields: [], retryAfterMs: null }),
  overtaken: { state, version },
});

function Attention({ entry }: { entry: OutboxEntry }) {
  const [note, setNote] = useState<string | null>(null);
  const code = entry.setback?.code ?? "internal";
  const overtaken = entry.setback?.overtaken;
  const wrong = entry.photos.findIndex((photo) => photo.id === entry.setback?.photoId);
  const isHeld = isHeldInPart(entry);
  const isTaskOver = entry.kind === "visit" && !!entry.setback?.fields.some(({ pointer }) => pointer === "/task");
  const isStale = entry.kind === "answer" && (code === "stale-version" || code === "issue-illegal-transition");

  async function sendOnTopOfNow() {
    try {
      const issue = await readIssue(entry.issueId);
      if (entry.kind === "answer" && !issue.allowed_actions.includes(entry.action))
        await saveEvents(entry.id, { kind: "failed", setback: overtakenBy(entry, issue), at: Date.now(), chance: 0 });
      else await saveEvents(entry.id, { kind: "rebased", version: issue.version, at: Date.now() });
      await refresh();
      await drain();
    } catch (cause) {
      setNote(failureText(asFailure(cause)));
    }
  }
  async function sendSudden() {
    if (entry.kind === "visit") await changeEntry(entry, (now) => withoutTask(now, Date.now()));
    await changed();
    await drain();
  }
  async function sendAnyway() {
    await saveEvents(entry.id, { kind: "unblocked", version: null });
    await sendNow([entry.id]);
  }
  async function remove() {
    await removeEntry(entry, isHeld ? withdrawalOf(entry, uuid(), Date.now()) : undefined);
    await changed();
    await drain();
  }
  async function sendAsNew() {
    if (entry.kind === "visit") return;
    const { next, photoIds } = withNewIds(entry, uuid);
    await replaceEntryIds(entry, next, photoIds);
    await refresh();
    await drain();
  }

  return (
    <div class="stack">
      <p class="text-danger">
        {overtaken ? overtakenText(entry, overtaken.state) : problemText(code, entry.setback?.title)}
      </p>
      {wrong >= 0 ? (
        <p class="text-danger">
          {t("outbox.photoFault", { number: wrong + 1, view: t(`view.${entry.photos[wrong]?.view ?? "detail"}`) })}
        </p>
      ) : null}
      {entry.setback?.fields.length ? (
        <ul class="meta">
          {entry.setback.fields.map((field) => (
            <li key={field.pointer}>
              {[fieldName(field.pointer), t(`field.${field.code}`)].filter(Boolean).join(t("punctuation.colon"))}
            </li>
          ))}
        </ul>
      ) : null}
      {isTaskOver ? <p>{t("outbox.taskOver")}</p> : null}
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
            {overtaken ? null : (
              <button type="button" class="button button-primary" onClick={() => void sendOnTopOfNow()}>
                {t("outbox.rebase")}
              </button>
            )}
          </>
        ) : code === "old-arrived" ? (
          <>
            <a class="button" href={link("issue", withdrawalsFor(entry, entries.value)[0]?.issueId ?? "")}>
              {t("outbox.seeOld")}
            </a>
            <button type="button" class="button" onClick={() => void sendAnyway()}>
              {t("outbox.sendAnyway")}
            </button>
          </>
        ) : isTaskOver ? (
          <button type="button" class="button button-primary" onClick={() => void sendSudden()}>
            {t("outbox.sendSudden")}
          </button>
        ) : code === "id-reused" && entry.kind !== "visit" ? (
          <button type="button" class="button button-primary" onClick={() => void sendAsNew()}>
            {t("outbox.sendAsNew")}
          </button>
        ) : (
          <button type="button" class="button button-primary" onClick={() => void sendNow([entry.id])}>
            {t("action.retry")}
          </button>
        )}
        {overtaken || isWithdrawal(entry) ? null : <Edit entry={entry} />}
        <ConfirmButton
          label={t(overtaken ? "outbox.remove" : "action.delete")}
          question={t(isHeld ? "outbox.deleteWithdraws" : "outbox.deleteSure")}
          onConfirm={() => void remove()}
        />
      </div>
    </div>
  );
}

/** The length of the photos of a record, in bytes. */
export const sizeOf = (entry: OutboxEntry): number => entry.photos.reduce((sum, photo) => sum + photo.sizeBytes, 0);
