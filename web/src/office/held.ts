// Decisions that are held back for a moment, so that they can be taken back before they have any effect. Each has its
// idempotency key from the beginning and is kept in localStorage until the service has answered. The next page, another
// tab or the next session may send it again; it still has one effect.
import { effect, signal } from "@preact/signals";
import { asFailure } from "../api/failure";
import type { Failure } from "../api/failure";
import { act, readIssue } from "../api/issues";
import { loggedOut, reachable } from "../api/request";
import type { OfficeIssue } from "../api/types";
import { leaving } from "../session/leaving";
import { session } from "../session/session";
import { uuid } from "../session/uuid";
import { forgetDraft, keepDraft, sweepDrafts } from "./decisionDrafts";
import { parse, prefix, refusalOf, store, storedNow, storedOf, unstore } from "./heldStore";
import type { Held } from "./heldStore";
import type { QueueKind } from "./queues";

/** How long a decision can be taken back, in milliseconds. Source: issue 15. */
export const HOLD_MS = 5_000;
/** How much later than its own tab another one sends a decision, in milliseconds. Source: our choice. */
const FOREIGN_WAIT_MS = 6_000;
/** The first and the longest pause after a call without an answer, in milliseconds. Source: app plan §5. */
const PAUSE_MS = { first: 1_000, most: 60_000 };
/** The longest wait for answers when somebody signs out, in milliseconds. Source: our choice. */
const FLUSH_MS = 4_000;
/** After how many answers of a broken service its person may end a decision. Source: our choice. */
const TRIES_MIN = 3;

export type NewlyHeld = Pick<Held, "action" | "body" | "fields"> & { issue: OfficeIssue; queue: QueueKind };

const TAB = uuid();
/** Of whoever is signed in, in the order of confirmation. */
export const held = signal<Held[]>([]);
/** The issues as they were answered after a decision, by id: rows of an older version are outdated. */
export const settled = signal<ReadonlyMap<string, OfficeIssue>>(new Map());
/** The last one that was taken, with the time, and how many in all. */
export const lastDone = signal<(Held & { doneAt: number }) | null>(null);
export const doneCount = signal(0);

export const isPending = (one: Held): boolean => one.refusal === null;
/** Whether it is sent again and again, and its person may end that. */
export const isStuck = (one: Held): boolean => isPending(one) && one.tries >= TRIES_MIN;
let user: string | null = null;

/** What was filled in goes back into the form. */
function refill({ issueId, action, fields, version, account }: Held): void {
  if (fields) keepDraft(issueId, { action, fields, version }, account);
}
const replace = (id: string, change: Partial<Held>): void => {
  held.value = held.value.map((one) => (one.id === id ? { ...one, ...change } : one));
};
const drop = (id: string): void => {
  held.value = held.value.filter((one) => one.id !== id);
};

function settle(issue: OfficeIssue): void {
  if ((settled.value.get(issue.id)?.version ?? 0) <= issue.version)
    settled.value = new Map(settled.value).set(issue.id, issue);
}
/** Reads how the issue stands, after something has happened to it that was not answered here. */
async function reread({ issueId, account }: Held): Promise<void> {
  const issue = (await readIssue(issueId, account)) as OfficeIssue;
  if (account === user) settle(issue);
}

/** Holds back what was confirmed together. */
export function hold(all: NewlyHeld[]): void {
  if (user === null) return;
  const group = uuid();
  const account = user;
  const issues = new Set(all.map(({ issue }) => issue.id));
  // A decision that was refused is replaced by the next one on its issue.
  for (const one of held.value) if (one.refusal && issues.has(one.issueId)) dismiss(one.id);
  const added = all.map(({ issue, action, body, fields, queue }): Held => {
    const sendAt = Date.now() + HOLD_MS;
    const of = { issueId: issue.id, version: issue.version, place: issue.point.name };
    const fresh = { sendAt, tab: TAB, isTried: false, refusal: null, tries: 0, trouble: null };
    return { id: uuid(), account, group, ...of, action, body, fields, queue, ...fresh };
  });
  for (const one of added) store(one);
  held.value = [...held.value, ...added];
  void pump();
}

/** Whether it can still be taken back. */
export const canUndo = (one: Held): boolean => isPending(one) && !one.isTried;

/** Takes back what was confirmed last. Returns it; its fields are in the form again. */
export function undo(): Held[] {
  const last = [...held.value].reverse().find(canUndo);
  if (!last) return [];
  return takeBack((one) => one.group === last.group);
}
/** Takes back everything that has not been sent yet. */
export const undoAll = (): Held[] => takeBack(() => true);

function takeBack(isMeant: (one: Held) => boolean): Held[] {
  const back = held.value.filter((one) => isMeant(one) && canUndo(one) && !(storedNow(one)?.isTried ?? false));
  for (const one of back) {
    unstore(one);
    drop(one.id);
    refill(one);
  }
  return back;
}

/** Forgets a decision that was refused. */
export function dismiss(id: string): void {
  const one = held.value.find((each) => each.id === id);
  if (one) unstore(one);
  drop(id);
}

/** Sends it at once, without waiting for its next turn. */
export function sendNow(id: string): void {
  replace(id, { sendAt: 0 });
  void pump();
}

/**
 * Ends a decision that the service does not manage to take. It may have been taken nevertheless, so that its issue is
 * read first; fails where that is not possible.
 */
export async function abandon(one: Held): Promise<void> {
  await reread(one).catch((cause: unknown) => {
    if (asFailure(cause).status !== 404) throw cause;
  });
  unstore(one);
  drop(one.id);
  refill(one);
}

let timer: ReturnType<typeof setTimeout> | undefined;
let isSending = false;
let pauseMs = PAUSE_MS.first;

/** Sends what is due, one after the other. */
async function pump(): Promise<void> {
  clearTimeout(timer);
  if (isSending || user === null || loggedOut.value) return;
  const waiting = held.value.filter(isPending);
  const due = waiting.find((one) => one.sendAt <= Date.now());
  if (!due) {
    const next = Math.min(...waiting.map((one) => one.sendAt));
    if (Number.isFinite(next)) timer = setTimeout(() => void pump(), next - Date.now());
    return;
  }
  isSending = true;
  try {
    await send(due, user);
  } finally {
    isSending = false;
  }
  void pump();
}

async function send(one: Held, account: string): Promise<void> {
  // Another tab has sent it or taken it back.
  if (storedNow(one) === null) return drop(one.id);
  const tried = { ...one, isTried: true };
  store(tried);
  replace(one.id, tried);
  try {
    const { id, issueId, action, version, body } = one;
    const issue = (await act(issueId, action, version, body, { account, key: id })) as OfficeIssue;
    unstore(one);
    forgetDraft(issueId, account);
    // Somebody else may have signed in meanwhile: that it was taken is none of their business.
    if (account !== user) return;
    pauseMs = PAUSE_MS.first;
    settle(issue);
    lastDone.value = { ...one, doneAt: Date.now() };
    drop(id);
    doneCount.value += 1;
  } catch (cause) {
    const failure = asFailure(cause);
    // Ended meanwhile, here or in another tab.
    if (account === user && !held.value.some(({ id }) => id === one.id)) return;
    if (isFinal(failure)) {
      const refused = { ...tried, refusal: refusalOf(failure) };
      store(refused);
      // Whoever decides again begins with what was filled in.
      refill(one);
      replace(one.id, refused);
      void reread(one).catch(() => undefined);
      return;
    }
    const now = Date.now();
    if (isOwnTrouble(failure)) {
      // The others may fare better.
      const tries = one.tries + 1;
      const pause = Math.min(PAUSE_MS.most, PAUSE_MS.first * 2 ** (tries - 1));
      const sendAt = now + Math.max(pause, failure.retryAfterMs ?? 0);
      const troubled = { ...tried, tries, trouble: refusalOf(failure), sendAt };
      store(troubled);
      replace(one.id, troubled);
      return;
    }
    // All that is due waits: it would meet the same.
    if (account !== user) return;
    const sendAt = now + Math.max(pauseMs, failure.retryAfterMs ?? 0);
    pauseMs = Math.min(PAUSE_MS.most, pauseMs * 2);
    held.value = held.value.map((other) => (isPending(other) && other.sendAt <= now ? { ...other, sendAt } : other));
  }
}

/** Whether sending it again would lead to the same answer. */
const isFinal = ({ status, code }: Failure): boolean =>
  status >= 400 && status < 500 && ![401, 408, 429].includes(status) && code !== "other-account";
/** Whether the service itself has failed over this one, and is there for others. */
const isOwnTrouble = ({ status }: Failure): boolean => status >= 500 && status !== 503;

/** Sends everything at once. Resolves when all is answered, or after a while, with how many are left. */
export async function flush(): Promise<number> {
  const left = () => held.value.filter(isPending).length;
  if (loggedOut.value || left() === 0) return left();
  held.value = held.value.map((one) => (isPending(one) ? { ...one, sendAt: 0 } : one));
  void pump();
  await new Promise<void>((resolve) => {
    const stop = setTimeout(() => end(), FLUSH_MS);
    const watch = held.subscribe((all) => {
      if (!all.some((one) => isPending(one) && one.sendAt <= Date.now())) setTimeout(() => end());
    });
    const end = () => {
      clearTimeout(stop);
      watch();
      resolve();
    };
  });
  return left();
}
leaving.deliver = flush;

/** The page closes: what is held back is sent without waiting, and again by the next page, under the same key. */
addEventListener("pagehide", () => {
  if (user === null || loggedOut.value) return;
  for (const one of held.value.filter((each) => isPending(each) && each.tab === TAB)) {
    const { id, issueId, action, version, body } = one;
    store({ ...one, isTried: true });
    replace(id, { isTried: true });
    const sent = { account: one.account, key: id, keepalive: true };
    void act(issueId, action, version, body, sent).catch(() => undefined);
  }
});

/** Other tabs of the same person add, send and take back. */
addEventListener("storage", ({ key, newValue }) => {
  if (user === null || !key?.startsWith(prefix(user))) return;
  const one = parse(newValue);
  const name = key.slice(prefix(user).length);
  const known = held.value.find((each) => each.id === name);
  if (one === null) {
    drop(name);
    // Taken there, or taken back: the rows here are told how the issue stands.
    if (known) void reread(known).catch(() => undefined);
  } else if (known) replace(name, { ...one, sendAt: later(one) });
  else held.value = [...held.value, { ...one, sendAt: later(one) }];
  void pump();
});
const later = (one: Held): number => one.sendAt + (one.tab === TAB ? 0 : FOREIGN_WAIT_MS);

/** What this person decided on a page that is gone, or decides in another tab. */
function open(): void {
  try {
    held.value = storedOf(user ?? "")
      .map((one) => ({ ...one, sendAt: later(one) }))
      .sort((a, b) => a.sendAt - b.sendAt);
    sweepDrafts();
  } catch {
    held.value = [];
  }
}
effect(() => {
  const now = session.value?.user.id ?? null;
  if (now !== user) {
    user = now;
    settled.value = new Map();
    lastDone.value = null;
    if (now === null) held.value = [];
    else open();
  }
  // Signed in again, or in reach again: what waited for that goes now.
  if (!loggedOut.value && reachable.value) {
    pauseMs = PAUSE_MS.first;
    setTimeout(() => {
      held.value = held.value.map((one) =>
        isPending(one) && one.isTried && one.tab === TAB ? { ...one, sendAt: Math.min(one.sendAt, Date.now()) } : one,
      );
      void pump();
    });
  }
});
