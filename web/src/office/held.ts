// Decisions that are held back for a moment, so that they can be taken back before they have any effect. Each has its
// idempotency key from the beginning and is kept in localStorage until the service has answered: it may be sent again
// by the next page, by another tab or after an ended session, and has one effect.
import { effect, signal } from "@preact/signals";
import type { DecisionAction } from "../actions";
import { asFailure, Failure } from "../api/failure";
import { act } from "../api/issues";
import { loggedOut, reachable } from "../api/request";
import type { OfficeIssue } from "../api/types";
import { beforeLogOut, session } from "../session/session";
import { uuid } from "../session/uuid";
import { forgetDraft, keepDraft, sweepDrafts } from "./decisionDrafts";
import type { DecisionFields } from "./decisions";
import type { QueueKind } from "./queues";

/** How long a decision can be taken back, in milliseconds. Source: issue 15. */
export const HOLD_MS = 5_000;
/** How much later than its own tab another one sends a decision, in milliseconds. Source: our choice. */
const FOREIGN_WAIT_MS = 6_000;
/** The first and the longest pause after a call without an answer, in milliseconds. Source: ui.md §5. */
const PAUSE_MS = { first: 1_000, most: 60_000 };
/** The longest wait for answers when somebody signs out, in milliseconds. Source: our choice. */
const FLUSH_MS = 4_000;

export interface Held {
  /** Its name, and the idempotency key. */
  id: string;
  /** Those confirmed together are taken back together. */
  group: string;
  issueId: string;
  action: DecisionAction;
  /** The version on which it was decided. */
  version: number;
  body: Record<string, unknown>;
  /** What was filled in, for whoever takes it back. */
  fields: DecisionFields | null;
  place: string;
  queue: QueueKind;
  /** When it is to be sent, by this device's clock. */
  sendAt: number;
  /** The tab in which it was confirmed. */
  tab: string;
  /** Whether it may have reached the service; then it cannot be taken back any more. */
  isTried: boolean;
  /** Why the service refused it, if it did. */
  refusal: { code: Failure["code"]; status: number; title: string | null; detail: string | null } | null;
}

export type NewlyHeld = Pick<Held, "action" | "body" | "fields"> & { issue: OfficeIssue; queue: QueueKind };

const TAB = uuid();
/** Of whoever is signed in, in the order of confirmation. */
export const held = signal<Held[]>([]);
/** The version that each decision led to: rows with an older one are outdated. */
export const settled = signal<ReadonlyMap<string, number>>(new Map());
/** The last one that was taken, and how many in all. */
export const lastDone = signal<Held | null>(null);
export const doneCount = signal(0);

export const isPending = (one: Held): boolean => one.refusal === null;
export const failureOfHeld = (one: Held): Failure | null =>
  one.refusal && new Failure(one.refusal.code, one.refusal.status, one.refusal as object);

const prefix = (user: string) => `held/${user}/`;
let user: string | null = null;
/** Whether localStorage takes anything; if not, decisions live as long as the page. */
let isStored = true;

function store(one: Held): void {
  if (user === null) return;
  try {
    localStorage.setItem(prefix(user) + one.id, JSON.stringify(one));
  } catch {
    isStored = false;
  }
}
function unstore(id: string): void {
  try {
    if (user !== null) localStorage.removeItem(prefix(user) + id);
  } catch {
    isStored = false;
  }
}
/** How it is kept now: another tab may have sent it or taken it back. */
function storedNow(id: string): Held | null | undefined {
  if (!isStored || user === null) return undefined;
  try {
    return parse(localStorage.getItem(prefix(user) + id));
  } catch {
    return undefined;
  }
}
function parse(text: string | null): Held | null {
  if (text === null) return null;
  try {
    const one = JSON.parse(text) as Held;
    return typeof one.id === "string" && typeof one.issueId === "string" ? one : null;
  } catch {
    return null;
  }
}
const replace = (id: string, change: Partial<Held>): void => {
  held.value = held.value.map((one) => (one.id === id ? { ...one, ...change } : one));
};
const drop = (id: string): void => {
  held.value = held.value.filter((one) => one.id !== id);
};

/** Holds back what was confirmed together. */
export function hold(all: NewlyHeld[]): void {
  const group = uuid();
  const issues = new Set(all.map(({ issue }) => issue.id));
  // A decision that was refused is replaced by the next one on its issue.
  for (const one of held.value) if (one.refusal && issues.has(one.issueId)) dismiss(one.id);
  const added = all.map(({ issue, action, body, fields, queue }): Held => {
    const sendAt = Date.now() + HOLD_MS;
    const of = { issueId: issue.id, version: issue.version, place: issue.point.name };
    return { id: uuid(), group, ...of, action, body, fields, queue, sendAt, tab: TAB, isTried: false, refusal: null };
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
  const back = held.value.filter(
    (one) => one.group === last.group && canUndo(one) && !(storedNow(one.id)?.isTried ?? false),
  );
  for (const one of back) {
    unstore(one.id);
    drop(one.id);
    if (one.fields) keepDraft(one.issueId, { action: one.action, fields: one.fields, version: one.version });
  }
  return back;
}

/** Forgets a decision that was refused. */
export function dismiss(id: string): void {
  unstore(id);
  drop(id);
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
  if (storedNow(one.id) === null) return drop(one.id);
  const tried = { ...one, isTried: true };
  store(tried);
  replace(one.id, tried);
  try {
    const { id, issueId, action, version, body } = one;
    const issue = await act(issueId, action, version, body, { account, key: id });
    pauseMs = PAUSE_MS.first;
    settled.value = new Map(settled.value).set(issue.id, issue.version);
    lastDone.value = one;
    unstore(id);
    drop(id);
    forgetDraft(issueId);
    doneCount.value += 1;
  } catch (cause) {
    const failure = asFailure(cause);
    if (isFinal(failure)) {
      const { code, status, title, detail } = failure;
      const refused = { ...tried, refusal: { code, status, title, detail } };
      store(refused);
      replace(one.id, refused);
      // Whoever decides again begins with what was filled in.
      if (one.fields) keepDraft(one.issueId, { action: one.action, fields: one.fields, version: one.version });
      return;
    }
    // All that is due waits: it would meet the same.
    const now = Date.now();
    const sendAt = now + Math.max(pauseMs, failure.retryAfterMs ?? 0);
    pauseMs = Math.min(PAUSE_MS.most, pauseMs * 2);
    held.value = held.value.map((other) => (isPending(other) && other.sendAt <= now ? { ...other, sendAt } : other));
  }
}

/** Whether sending it again would lead to the same answer. */
const isFinal = ({ status, code }: Failure): boolean =>
  status >= 400 && status < 500 && ![401, 408, 429].includes(status) && code !== "other-account";

/** Sends everything at once. Resolves when all is answered, or after a while. */
export async function flush(): Promise<void> {
  if (loggedOut.value) return;
  held.value = held.value.map((one) => (isPending(one) ? { ...one, sendAt: 0 } : one));
  void pump();
  if (!held.value.some(isPending)) return;
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
}
beforeLogOut.push(flush);

/** The page closes: what is held back is sent without waiting, and again by the next page, under the same key. */
addEventListener("pagehide", () => {
  if (user === null || loggedOut.value) return;
  for (const one of held.value.filter((each) => isPending(each) && each.tab === TAB)) {
    const { id, issueId, action, version, body } = one;
    store({ ...one, isTried: true });
    replace(id, { isTried: true });
    void act(issueId, action, version, body, { account: user, key: id, keepalive: true }).catch(() => undefined);
  }
});

/** Other tabs of the same person add, send and take back. */
addEventListener("storage", ({ key, newValue }) => {
  if (user === null || !key?.startsWith(prefix(user))) return;
  const one = parse(newValue);
  const name = key.slice(prefix(user).length);
  if (one === null) drop(name);
  else if (held.value.some((known) => known.id === name)) replace(name, { ...one, sendAt: later(one) });
  else held.value = [...held.value, { ...one, sendAt: later(one) }];
  void pump();
});
const later = (one: Held): number => one.sendAt + (one.tab === TAB ? 0 : FOREIGN_WAIT_MS);

/** What this person decided on a page that is gone, or decides in another tab. */
function open(): void {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(prefix(user ?? "")));
    held.value = names
      .flatMap((name) => parse(localStorage.getItem(name)) ?? [])
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
