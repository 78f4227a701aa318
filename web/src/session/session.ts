// Who is signed in. Survives without a network: an inspector opens the app in a cellar.
import { signal } from "@preact/signals";
import * as calls from "../api/calls";
import { asFailure } from "../api/failure";
import { signedOut } from "../api/request";
import type { Account, Unit } from "../api/types";
import { startOutbox, stopOutbox } from "../outbox/drain";
import { forgetAnswers, readMeta, writeMeta } from "../store/answers";
import { forgetReference } from "./reference";

export interface Session { user: Account; unit: Unit | null; mustChangePassword: boolean; permissions: string[] }

/** `undefined` until the device has been asked. */
export const session = signal<Session | null | undefined>(undefined);

const KEY = "session";

/** Whether the service said that this person may do it; a session kept by an older app knows nothing yet. */
export const may = (permission: string): boolean => (session.value?.permissions ?? []).includes(permission);

export async function openSession(): Promise<void> {
  session.value = ((await readMeta(KEY).catch(() => undefined)) as Session | undefined) ?? null;
  if (session.value) void startOutbox(session.value.user.id);
  await refreshSession();
}

/** Asks the service who we are; without an answer what we knew stays. */
export async function refreshSession(): Promise<void> {
  try {
    const me = await calls.readMe();
    await adopt({ user: me.user, unit: me.unit, mustChangePassword: me.must_change_password, permissions: me.permissions });
  } catch (cause) {
    const failure = asFailure(cause);
    if (failure.code === "not-signed-in" && !session.value) signedOut.value = false;
  }
}

export async function signIn(username: string, password: string): Promise<void> {
  const answer = await calls.signIn(username, password);
  // Another person's phone, another person's lists.
  if (session.value && session.value.user.id !== answer.user.id) await leave();
  signedOut.value = false;
  await adopt({ user: answer.user, unit: null, mustChangePassword: answer.must_change_password, permissions: [] });
  if (!answer.must_change_password) await refreshSession();
}

async function adopt(next: Session): Promise<void> {
  const previous = session.value?.user.id;
  session.value = next;
  await writeMeta(KEY, next).catch(() => undefined);
  if (previous !== next.user.id || signedOut.value) signedOut.value = false;
  if (!next.mustChangePassword) await startOutbox(next.user.id);
}

export async function passwordChanged(): Promise<void> {
  if (session.value) await adopt({ ...session.value, mustChangePassword: false });
  await refreshSession();
}

/** Ends the session. What is unsent stays on the device, under this person's name. */
export async function signOut(): Promise<void> {
  // Without a network the cookie lives on until it expires; the device forgets at once all the same.
  await calls.signOut().catch(() => undefined);
  await leave();
  session.value = null;
  await writeMeta(KEY, null);
}

async function leave(): Promise<void> {
  stopOutbox();
  forgetReference();
  await forgetAnswers();
}
