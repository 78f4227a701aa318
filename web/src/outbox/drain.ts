// Sends what waits, by itself: at the start, when the network or the person comes back, and every minute.
import { signal } from "@preact/signals";
import * as calls from "../api/calls";
import { asFailure } from "../api/failure";
import { reachable, signedOut } from "../api/request";
import { readOriginal } from "../store/originals";
import { advance, dropOldDelivered, listEntries, readEntry } from "../store/outbox";
import { isDue, isUnsent } from "./entry";
import type { OutboxEntry, Setback } from "./entry";
import { turnOf } from "./order";
import { OriginalLost, OriginalsWait, send } from "./send";
import type { Wire } from "./send";
import { followNetwork, isHeld, originalsWait } from "./wifi";

/** All records of the person who is signed in, newest first. */
export const entries = signal<OutboxEntry[]>([]);
/** Bytes sent of the photo that is on its way, by photo; not stored, it is only to look at. */
export const progress = signal<Record<string, number>>({});
/** Called after something has been delivered: lists may have changed. */
export const deliveries = signal(0);

let userId: string | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let isDraining = false;
const others = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("outbox");

export async function startOutbox(user: string): Promise<void> {
  userId = user;
  await dropOldDelivered(user, Date.now());
  await refresh();
  void drain();
}

export function stopOutbox(): void {
  userId = null;
  entries.value = [];
  clearTimeout(timer);
}

export async function refresh(): Promise<void> {
  if (userId === null) return;
  entries.value = (await listEntries(userId)).sort((a, b) => b.createdAt - a.createdAt);
}

/** Shows here and in other tabs what the device now holds. */
export async function changed(): Promise<void> {
  await refresh();
  others?.postMessage("changed");
}

/** Sends everything that is due. Two tabs must not send at once: it would be right, but twice the data. */
export async function drain(): Promise<void> {
  clearTimeout(timer);
  if (userId === null || isDraining) return;
  isDraining = true;
  try {
    if (navigator.locks) await navigator.locks.request("outbox", { ifAvailable: true }, (lock) => (lock ? drainOnce() : undefined));
    else await drainOnce();
  } finally {
    isDraining = false;
    schedule();
  }
}

async function drainOnce(): Promise<void> {
  const user = userId;
  // Without a session every call would be refused; signing in begins anew.
  if (user === null || !navigator.onLine || signedOut.value) return;
  // Oldest first; each has its own clock, so none waits for another's trouble.
  const waiting = (await listEntries(user)).filter((entry) => isDue(entry, Date.now())).sort((a, b) => a.createdAt - b.createdAt);
  for (const { id } of waiting) {
    if (userId !== user) return;
    const entry = await readEntry(id);
    if (!entry || !isDue(entry, Date.now()) || isHeld(entry)) continue;
    const inTurn = await inItsTurn(entry);
    if (inTurn && !(await attempt(inTurn))) return;
  }
}

/** The record as it is to be sent, or nothing while it waits for another. */
async function inItsTurn(entry: OutboxEntry): Promise<OutboxEntry | undefined> {
  const turn = turnOf(entry, entry.kind === "answer" && entry.after ? await readEntry(entry.after) : undefined);
  if (turn.kind === "wait") return undefined;
  return turn.kind === "freed" ? advance(entry.id, turn) : entry;
}

/** One attempt; false when it makes no sense to try the others either. */
async function attempt(entry: OutboxEntry): Promise<boolean> {
  await advance(entry.id, { kind: "started" });
  await changed();
  try {
    const receipt = await send(entry, wireOf(entry));
    await advance(entry.id, { kind: "delivered", receipt, at: Date.now() });
    deliveries.value += 1;
    return true;
  } catch (cause) {
    if (cause instanceof OriginalsWait) {
      await advance(entry.id, { kind: "paused" });
      return true;
    }
    const setback = setbackOf(cause);
    await advance(entry.id, { kind: "failed", setback, at: Date.now(), chance: Math.random() });
    return setback.code !== "not-signed-in" && setback.code !== "password-change-required" && setback.code !== "offline";
  } finally {
    progress.value = {};
    await changed();
  }
}

function wireOf(entry: OutboxEntry): Wire {
  return {
    ...calls,
    received: async () => { await advance(entry.id, { kind: "received" }); },
    originalsWait,
    readOriginal,
    sendPhoto: async (id, bytes, sha256, onSent) => {
      const facts = { id, type: bytes.type, sizeBytes: bytes.size, sha256 };
      // A page older than the service finds this part gone; the photo must not wait for that.
      const part = await import("./inPieces").catch(() => null);
      return part ? part.sendInPieces(facts, bytes, onSent) : calls.putWhole(facts, bytes, onSent);
    },
    photoSent: async (photoId) => {
      await advance(entry.id, { kind: "photo-sent", photoId });
      await refresh();
    },
    progress: (photoId, bytes) => { progress.value = { [photoId]: bytes }; },
  };
}

function setbackOf(cause: unknown): Setback {
  if (cause instanceof OriginalLost) return { code: "photo-lost", requestId: null, fields: [], retryAfterMs: null };
  const failure = asFailure(cause);
  const fields = failure.fields.map(({ pointer, code }) => ({ pointer, code }));
  return { code: failure.code, title: failure.title, requestId: failure.requestId, fields, retryAfterMs: failure.retryAfterMs };
}

function schedule(): void {
  clearTimeout(timer);
  if (userId === null || signedOut.value) return;
  const next = entries.value.filter((entry) => entry.state === "waiting" && !isHeld(entry)).map((entry) => entry.nextAt - Date.now());
  const pause = Math.max(1_000, Math.min(60_000, ...next));
  if (entries.value.some(isUnsent)) timer = setTimeout(() => void drain(), pause);
}

/** What a person asks for: at once, and without the count of failures so far. */
export async function sendNow(ids: string[]): Promise<void> {
  for (const id of ids) await advance(id, { kind: "asked-again", at: Date.now() });
  await changed();
  await drain();
}

export function wakeWithTheWorld(): void {
  addEventListener("offline", () => { reachable.value = false; });
  // Only hope, but what is sent next will tell.
  addEventListener("online", () => { reachable.value = true; });
  addEventListener("online", () => void sendNow(entries.value.filter((entry) => entry.state === "waiting").map((entry) => entry.id)));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") void drain(); });
  followNetwork(() => void drain());
  if (others) others.onmessage = () => void refresh();
}
