import { useEffect, useState } from "preact/hooks";
import { DonePage } from "../answer/DonePage";
import { drain, entries, sendNow } from "./drain";
import type { OutboxEntry } from "./entry";
import { EntryCard, sentBytes, sizeOf } from "./EntryCard";
import { SavedNotice } from "./SavedNotice";
import { ExportImport } from "./ExportImport";
import { isAnyway, waitsForWifi } from "./wifi";
import { listIssues } from "../api/issues";
import { PAGE_MAX } from "../api/limits";
import { issueQuery } from "../api/query";
import { reachable } from "../api/request";
import type { Issue, Page as Paged, State } from "../api/types";
import { route } from "../router";
import { session } from "../session/session";
import { discardDraft } from "../store/drafts";
import { countOthers } from "../store/outboxMaintenance";
import { FREE_WARN_BYTES, isPersistent, readStorageSpace, formatSize } from "../store/storageSpace";
import type { StorageSpace } from "../store/storageSpace";
import { t } from "../texts";
import { formatMoment } from "../time/moment";
import { draftLink, draftTitle, useDrafts } from "../inspector/UnfinishedDrafts";
import { Empty, Notice } from "../ui/Notice";
import { ConfirmButton } from "../ui/ConfirmButton";
import { Page } from "../ui/Page";
import { useCached } from "../ui/useCached";
import "../texts/withForms";

/** What is still on this device; or, with `done`, what came of the step that was just taken. */
export function OutboxPage() {
  const done = route.value.query.get("done");
  return done ? <DonePage key={done} id={done} /> : <Lists />;
}

/** The outbox in four lists: drafts, waiting, needing attention, delivered. */
function Lists() {
  const [drafts, reloadDrafts] = useDrafts();
  const all = entries.value;
  const waiting = all.filter((entry) => entry.state === "waiting" || entry.state === "sending");
  const attention = all.filter((entry) => entry.state === "attention");
  const delivered = all.filter((entry) => entry.state === "delivered");
  const saved = route.value.query.get("saved");
  const [room, setRoom] = useState<StorageSpace | null>(null);
  useEffect(() => void drain(), []);
  useEffect(() => void readStorageSpace().then(setRoom, () => undefined), []);

  return (
    <Page title={t("tab.outbox")}>
      <div class="stack-wide">
        {saved ? <SavedNotice key={saved} id={saved} waiting={t("outbox.savedWaiting")} /> : null}
        <Summary waiting={waiting} attention={attention.length} delivered={delivered.length} />
        {drafts.length + all.length === 0 ? <Empty>{t("outbox.empty")}</Empty> : null}
        <WifiNote />
        <Pile title={t("outbox.attention")} entries={attention} />
        {attention.length > 1 ? (
          <button type="button" class="button" onClick={() => void sendNow(attention.map((entry) => entry.id))}>
            {t("outbox.retryAll")}
          </button>
        ) : null}
        <Pile title={t("outbox.waiting")} entries={waiting} />
        {drafts.length > 0 ? (
          <section class="stack">
            <h2>
              {t("outbox.drafts")} <span class="meta">{drafts.length}</span>
            </h2>
            <ul class="list">
              {drafts.map((draft) => (
                <li class="row" key={draft.id}>
                  <a class="list-row grow" href={draftLink(draft)}>
                    <span class="grow">
                      <span class="list-title">{draftTitle(draft)}</span>
                      <span class="meta">
                        {t("draft.facts", { count: draft.photos.length, at: formatMoment(draft.updatedAt) })}
                      </span>
                    </span>
                  </a>
                  <ConfirmButton
                    label={t("action.discard")}
                    question={t("draft.discardSure")}
                    onConfirm={() => void discardDraft(draft).then(reloadDrafts)}
                  />
                </li>
              ))}
            </ul>
          </section>
        ) : null}
        {delivered.length > 0 ? <Delivered entries={delivered} /> : null}
        <ExportImport isOpen={room !== null && room.freeBytes < FREE_WARN_BYTES} onDrafts={reloadDrafts} />
        <RoomMeter room={room} />
        <OthersNote />
      </div>
    </Page>
  );
}

/** What was delivered, and how its issues stand now, as far as this person may know. */
function Delivered({ entries: delivered }: { entries: OutboxEntry[] }) {
  const now = useCached<[id: string, state: State][]>("outbox/states", async () => {
    // As many as one answer may hold: those of the last days are among them.
    const page = (await listIssues(issueQuery({ limit: PAGE_MAX }))) as Paged<Issue>;
    return page.items.map(({ id, state }) => [id, state]);
  });
  return (
    <Pile
      title={t("outbox.delivered")}
      entries={delivered}
      hint={t("outbox.deliveredHint")}
      present={new Map(now.body ?? [])}
    />
  );
}

function Summary({ waiting, attention, delivered }: { waiting: OutboxEntry[]; attention: number; delivered: number }) {
  const total = waiting.reduce((sum, entry) => sum + sizeOf(entry), 0);
  const sent = waiting.reduce((sum, entry) => sum + sentBytes(entry), 0);
  if (waiting.length === 0 && attention === 0 && delivered === 0) return null;
  return (
    <div class="card stack" role="status">
      <p class="list-title">
        {waiting.length > 0 && attention > 0
          ? t("outbox.sumBoth", { count: waiting.length + attention, attention })
          : waiting.length > 0
            ? t("outbox.sum", { count: waiting.length })
            : attention > 0
              ? t("outbox.sumAttention", { count: attention })
              : t("outbox.sumDone")}
      </p>
      {waiting.length > 0 ? (
        <>
          <progress max={Math.max(1, total)} value={sent} aria-label={t("outbox.progress")} />
          <p class="meta">
            {t("outbox.bytes", { sent: formatSize(sent), total: formatSize(total) })}
            {reachable.value ? "" : ` · ${t("outbox.whenOnline")}`}
          </p>
          {waiting.every(waitsForWifi) ? null : (
            <button
              type="button"
              class="button button-primary"
              onClick={() => void sendNow(waiting.map((entry) => entry.id))}
            >
              {t("outbox.sendAll")}
            </button>
          )}
        </>
      ) : null}
    </div>
  );
}

/** Originals that wait for Wi-Fi, with a button to send them now. */
function WifiNote() {
  const held = entries.value.filter((entry) => entry.state === "waiting" && waitsForWifi(entry));
  if (held.length === 0) return null;
  const count = held.reduce((sum, entry) => sum + entry.photos.length - entry.sentPhotos.length, 0);
  const size = held.reduce((sum, entry) => sum + sizeOf(entry) - sentBytes(entry), 0);
  return (
    <Notice role="status">
      <p>{t("wifi.held", { count: held.length, photos: count, size: formatSize(size) })}</p>
      <button
        type="button"
        class="button"
        onClick={() => {
          isAnyway.value = true;
          void drain();
        }}
      >
        {t("wifi.anyway")}
      </button>
    </Notice>
  );
}

function Pile({
  title,
  entries: pile,
  hint,
  present,
}: {
  title: string;
  entries: OutboxEntry[];
  hint?: string;
  present?: Map<string, State>;
}) {
  if (pile.length === 0) return null;
  return (
    <section class="stack">
      <h2>
        {title} <span class="meta">{pile.length}</span>
      </h2>
      {hint ? <p class="meta">{hint}</p> : null}
      <ul class="stack">
        {pile.map((entry) => (
          <li key={entry.id}>
            <EntryCard entry={entry} present={present?.get(entry.issueId)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function RoomMeter({ room }: { room: StorageSpace | null }) {
  if (!room) return null;
  return (
    <section class="stack">
      <h2>{t("room.title")}</h2>
      <meter min={0} max={room.usedBytes + room.freeBytes} value={room.usedBytes} aria-label={t("room.title")} />
      <p class="meta">{t("room.facts", { used: formatSize(room.usedBytes), free: formatSize(room.freeBytes) })}</p>
      {room.freeBytes < FREE_WARN_BYTES ? (
        <Notice tone="warn">
          <p>{t("room.low")}</p>
        </Notice>
      ) : null}
      <p class="meta">{t(isPersistent.value ? "room.persistent" : "room.notPersistent")}</p>
    </section>
  );
}

function OthersNote() {
  const [count, setCount] = useState(0);
  const user = session.value?.user.id ?? "";
  useEffect(() => void countOthers(user).then(setCount, () => undefined), [user]);
  return count === 0 ? null : (
    <Notice tone="warn">
      <p>{t("outbox.others", { count })}</p>
    </Notice>
  );
}
