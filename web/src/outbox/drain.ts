// Sends waiting records by itself: at the start, when the network or the person comes back, and every minute.
import { signal } from "@preact/signals";
import { act, putReport, readEvents, readIssue } from "../api/issues";
import { putPlainly } from "../api/photos";
import { asFailure } from "../api/failure";
import { reachable, loggedOut } from "../api/request";
import { readOriginal } from "../store/originals";
import { isDue, isWaiting } from "./entry";
import type { OutboxEntry, Setback } from "./entry";
import { readinessOf } from "./readiness";
import { OriginalLost, OriginalsWait, send } from "./send";
import type { Transport } from "./send";
import { withSendLock, releaseSendLock } from "./sendLock";
import type { SendLock } from "./sendLock";
import { startAttempt, hasUnsavedEvents, listCurrentEntries, saveEvents, readCurrentEntry } from "./unsavedEvents";
import { handlingOf } from "./retryPolicy";
import { followNetwork, waitsForWifi, originalsWait } from "./wifi";

/** All records of the person who is signed in, newest first. */
export const entries = signal<OutboxEntry[]>([]);
/** Bytes sent of the photo that is being uploaded, by photo id. Only for display, not stored. */
export const progress = signal<Record<string, number>>({});
/** Increases after a delivery, because lists may have changed. */
export const deliveries = signal(0);

let userId: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let isDraining = false;
/** The service needs the person first, for example a password. Nothing is sent until they have logged in again. */
let waitsForPerson = false;
/** Cleaning up begins once for each page, when the first screen is there. */
let isCleanUpPlanned = false;
const TIDY_AFTER_MS = 5_000;
/** Another page has the lock now and goes on with the record. */
class SendLockLost extends Error {}
const others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("outbox");

export async function startOutbox(user: string): Promise<void> {
  userId = user;
  waitsForPerson = false;
  await refresh();
  void drain();
  if (isCleanUpPlanned) return;
  isCleanUpPlanned = true;
  setTimeout(
    () => void import("../upkeep/cleanUp").then((part) => part.tidy(Date.now())).catch(() => undefined),
    TIDY_AFTER_MS,
  );
}

export function stopOutbox(): void {
  userId = null;
  entries.value = [];
  clearTimeout(timer);
}

export async function refresh(): Promise<void> {
  if (userId === null) return;
  entries.value = (await listCurrentEntries(userId)).sort((a, b) => b.createdAt - a.createdAt);
}

/** Updates the list here and in other tabs. */
export async function changed(): Promise<void> {
  await refresh();
  others?.postMessage("changed");
}

/** Sends everything that is due. Two tabs must not send at once: the result would be right, but the data sent twice. */
export async function drain(): Promise<void> {
  clearTimeout(timer);
  if (userId === null || isDraining) return;
  isDraining = true;
  let wasOurs = true;
  try {
    wasOurs = await withSendLock(drainOnce);
  } finally {
    isDraining = false;
    schedule(wasOurs);
  }
}

/** Without a session every call would be refused; logging in starts it again. */
const maySend = (): boolean => navigator.onLine && !loggedOut.value && !waitsForPerson;

async function drainOnce(lock: SendLock): Promise<void> {
  const user = userId;
  if (user === null || !maySend()) return;
  // Oldest first. Each record has its own retry time, so none waits for another.
  const waiting = (await listCurrentEntries(user))
    .filter((entry) => isDue(entry, Date.now()))
    .sort((a, b) => a.createdAt - b.createdAt);
  for (const { id } of waiting) {
    if (userId !== user || !maySend() || !(await lock.isOurs())) return;
    const entry = await readCurrentEntry(id);
    if (!entry || !isDue(entry, Date.now()) || waitsForWifi(entry)) continue;
    const next = await whenReady(entry);
    if (next && !(await attempt(next, lock))) return;
  }
}

const OLD_ARRIVED: Setback = { code: "old-arrived", requestId: null, fields: [], retryAfterMs: null };

/** The record as it is to be sent, or `undefined` while it has to wait for another one. */
async function whenReady(entry: OutboxEntry): Promise<OutboxEntry | undefined> {
  const turn = readinessOf(entry, await listCurrentEntries(entry.userId));
  switch (turn.kind) {
    case "ready":
      return entry;
    case "unblocked":
      return saveEvents(entry.id, turn);
    case "arrived":
      await saveEvents(entry.id, { kind: "failed", setback: OLD_ARRIVED, at: Date.now(), chance: 0 });
      await changed();
  }
  return undefined;
}

/** One attempt. Returns false if trying the others is pointless. */
async function attempt(due: OutboxEntry, lock: SendLock): Promise<boolean> {
  // Saved before anything is sent, so that no used key is ever lost.
  const entry = await startAttempt(due);
  // Another page has delivered it, or it was taken back.
  if (entry?.state !== "sending") return true;
  await changed();
  try {
    const receipt = await send(entry, transportFor(entry, lock));
    await saveEvents(entry.id, { kind: "delivered", receipt, at: Date.now() });
    // If this module cannot be loaded, the record stays; the page knows its state.
    if (hasUnsavedEvents(entry.id))
      await import("./freeSpace").then((part) => part.freeSpace(entry.userId)).catch(() => undefined);
    deliveries.value += 1;
    return true;
  } catch (cause) {
    if (cause instanceof SendLockLost) return false;
    if (cause instanceof OriginalsWait) {
      await saveEvents(entry.id, { kind: "paused" });
      return true;
    }
    const setback = setbackOf(cause);
    await saveEvents(entry.id, { kind: "failed", setback, at: Date.now(), chance: Math.random() });
    waitsForPerson ||= entry.userId === userId && handlingOf(setback.code, 1) === "login";
    return !waitsForPerson && setback.code !== "offline";
  } finally {
    progress.value = {};
    await changed();
  }
}

/** The calls that send a record, in the name of its own account. */
function transportFor(entry: OutboxEntry, lock: SendLock): Transport {
  const account = entry.userId;
  return {
    putReport: (id, report) => putReport(id, report, account),
    received: async () => {
      await saveEvents(entry.id, { kind: "received" });
    },
    originalsWait,
    act: (id, action, version, body, key) =>
      act(id, action, version, body, key === undefined ? { account } : { account, key }),
    readIssue: (id) => readIssue(id, account),
    readEvents: (id) => readEvents(id, account),
    readOriginal,
    sendPhoto: async (id, bytes, sha256, onSent) => {
      const facts = { id, type: bytes.type, sizeBytes: bytes.size, sha256 };
      // After an update of the service this module may be gone. Then the photo is sent whole.
      const part = await import("./inPieces").catch(() => null);
      return part ? part.sendInPieces(facts, bytes, account, onSent) : putPlainly(id, bytes, account);
    },
    photoSent: async (photoId) => {
      await saveEvents(entry.id, { kind: "photo-sent", photoId });
      await refresh();
      if (!(await lock.isOurs())) throw new SendLockLost();
    },
    progress: (photoId, bytes) => {
      progress.value = { [photoId]: bytes };
    },
  };
}

function setbackOf(cause: unknown): Setback {
  if (cause instanceof OriginalLost)
    return { code: "photo-lost", requestId: null, fields: [], retryAfterMs: null, photoId: cause.photoId };
  const failure = asFailure(cause);
  const { code, title, requestId, retryAfterMs, overtaken, photoId } = failure;
  const fields = failure.fields.map((field) => ({ pointer: field.pointer, code: field.code }));
  return {
    code,
    title,
    requestId,
    fields,
    retryAfterMs,
    overtaken,
    photoId,
  };
}

/** Longest pause before the next look, in milliseconds, and the pause if another page is sending. */
const LOOK_MS = 60_000;
const OTHERS_TURN_MS = 5_000;

function schedule(wasOurs: boolean): void {
  clearTimeout(timer);
  if (userId === null || loggedOut.value || waitsForPerson) return;
  const due = entries.value.filter(
    (entry) => isWaiting(entry) && !waitsForWifi(entry) && readinessOf(entry, entries.value).kind !== "blocked",
  );
  if (due.length === 0) return;
  const next = due.map((entry) => (entry.state === "sending" ? 0 : entry.nextAt - Date.now()));
  // An event tells when the network is back.
  const pause = navigator.onLine ? Math.min(LOOK_MS, ...next) : LOOK_MS;
  timer = setTimeout(() => void drain(), Math.max(wasOurs ? 1_000 : OTHERS_TURN_MS, pause));
}

/** Sends what a person asks for: at once, and with the failure count reset. */
export async function sendNow(ids: string[]): Promise<void> {
  waitsForPerson = false;
  await retry(ids);
}

async function retry(ids: string[]): Promise<void> {
  for (const id of ids) await saveEvents(id, { kind: "asked-again", at: Date.now() });
  await changed();
  await drain();
}

export function startSendTriggers(): void {
  addEventListener("offline", () => {
    reachable.value = false;
  });
  // Optimistic; the next call will tell.
  addEventListener("online", () => {
    reachable.value = true;
  });
  addEventListener(
    "online",
    () => void retry(entries.value.filter((entry) => entry.state === "waiting").map((entry) => entry.id)),
  );
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void drain();
  });
  // A page in the back/forward cache must not block the others.
  addEventListener("pagehide", releaseSendLock);
  document.addEventListener("freeze", releaseSendLock);
  const wake = () => void refresh().then(drain);
  addEventListener("pageshow", (event) => {
    if (event.persisted) wake();
  });
  document.addEventListener("resume", wake);
  followNetwork(() => void drain());
  if (others) others.onmessage = () => void refresh();
}
