// Who is logged in. This works without a network, too: an inspector may open the app in a cellar.
import { effect, signal } from "@preact/signals";
import { login, logout, readMe } from "../api/session";
import { asFailure } from "../api/failure";
import { loggedOut, setAccount } from "../api/request";
import type { Account, Unit } from "../api/types";
import { startOutbox, stopOutbox } from "../outbox/drain";
import { forgetAnswers, readMeta, writeMeta } from "../store/cache";
import { storageProblem } from "../store/database";
import { forgetReference } from "./reference";

export interface Session {
  user: Account;
  unit: Unit | null;
  mustChangePassword: boolean;
  permissions: string[];
}

/** `undefined` until it has been read from the device. */
export const session = signal<Session | null | undefined>(undefined);

const KEY = "session";
/** The account that has logged out without a network; its cookie is still valid. */
const LEAVING_KEY = "signing-out";

/** Whether this account has the permission. A session saved by an older app has none. */
export const may = (permission: string): boolean => (session.value?.permissions ?? []).includes(permission);

export async function openSession(): Promise<void> {
  // If the storage cannot be read, the service's cookie may still know the account.
  const kept = await readSession().catch(() => undefined);
  session.value = kept;
  setAccount(kept?.user.id ?? null);
  if (kept) void beginOutbox(kept.user.id);
  await refreshSession();
  if (session.value === undefined) session.value = null;
}

/** The saved session, unless its account has logged out: the page may have been closed in between. */
async function readSession(): Promise<Session | null> {
  const kept = ((await readMeta(KEY)) ?? null) as Session | null;
  const leaving = await readMeta(LEAVING_KEY);
  if (!kept || (leaving !== true && leaving !== kept.user.id)) return kept;
  await writeMeta(KEY, null);
  return null;
}

let wasInTrouble = false;
effect(() => {
  const isInTrouble = storageProblem.value !== null;
  const user = session.peek()?.user.id;
  // Storage works again: read what could not be read.
  if (wasInTrouble && !isInTrouble && user !== undefined) void beginOutbox(user);
  wasInTrouble = isInTrouble;
});

/** Asks the service for the account; without an answer the known one stays. */
export async function refreshSession(): Promise<void> {
  // A logout without a network stays valid; the cookie must not log in again.
  if (!(await finishLogout())) return;
  try {
    const me = await readMe();
    await setSession({
      user: me.user,
      unit: me.unit,
      mustChangePassword: me.must_change_password,
      permissions: me.permissions,
    });
  } catch (cause) {
    const failure = asFailure(cause);
    if (failure.code === "not-signed-in" && !session.value) loggedOut.value = false;
  }
}

export async function logIn(username: string, password: string): Promise<void> {
  const answer = await login(username, password);
  await writeMeta(LEAVING_KEY, null).catch(() => undefined);
  loggedOut.value = false;
  await setSession({ user: answer.user, unit: null, mustChangePassword: answer.must_change_password, permissions: [] });
  if (!answer.must_change_password) await refreshSession();
}

export async function setSession(next: Session): Promise<void> {
  const previous = session.value?.user.id;
  // Another account: drop the cached data.
  if (previous !== undefined && previous !== next.user.id) await clearSession();
  setAccount(next.user.id);
  session.value = next;
  await writeMeta(KEY, next).catch(() => undefined);
  if (previous !== next.user.id || loggedOut.value) loggedOut.value = false;
  if (!next.mustChangePassword) await beginOutbox(next.user.id);
}

/** The outbox needs the device's storage. If that fails, which is shown by itself, the rest goes on. */
const beginOutbox = (userId: string): Promise<void> => startOutbox(userId).catch(() => undefined);

/** Ends the session. What is unsent stays on the device, under this person's name. */
export async function logOut(): Promise<void> {
  // The device logs out at once, and tells the service when it can.
  await writeMeta(LEAVING_KEY, session.value?.user.id ?? true).catch(() => undefined);
  setAccount(null);
  await clearSession();
  session.value = null;
  await writeMeta(KEY, null);
  await finishLogout();
}

/** Tells the service of a pending logout. Returns whether none is left. */
async function finishLogout(): Promise<boolean> {
  const leaving = await readMeta(LEAVING_KEY).catch(() => null);
  if (!leaving) return true;
  try {
    await logout(typeof leaving === "string" ? leaving : null);
  } catch (cause) {
    // If the service refuses, there is no session left to end.
    if (!["not-signed-in", "other-account"].includes(asFailure(cause).code)) return false;
  }
  await writeMeta(LEAVING_KEY, null).catch(() => undefined);
  return true;
}

async function clearSession(): Promise<void> {
  stopOutbox();
  forgetReference();
  await forgetAnswers();
}
