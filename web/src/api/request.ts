// The one place that talks to the service.
import { signal } from "@preact/signals";
import { Failure, failureOf } from "./failure";

export const BASE = "/api/v1";
/** Longest wait for an answer without a photo in it, in milliseconds. */
const ANSWER_WAIT_MS = 20_000;

/** Longer ago than this no hand asked for a reading call: a page that is open reads again what it shows. */
const UNATTENDED_MS = 60_000;
/** When a hand was last seen. */
let handAt = performance.now();
for (const kind of ["pointermove", "pointerdown", "wheel", "touchmove", "keydown"])
  addEventListener(
    kind,
    () => {
      handAt = performance.now();
    },
    { capture: true, passive: true },
  );
/** How long the hand has been at rest, in milliseconds. */
export const handRest = (): number => performance.now() - handAt;

/**
 * Whether the last call reached the service. The browser's own `onLine` only knows whether there is a connection at
 * all.
 */
export const reachable = signal(typeof navigator === "undefined" ? true : navigator.onLine);
/** How many milliseconds this device's clock is ahead of the service's; `null` while unknown. */
export const clockAheadMs = signal<number | null>(null);
/** Set when the service answers that nobody is logged in any more. */
export const loggedOut = signal(false);
/** Whether that was because another account has logged in on this device. */
export const isReplaced = signal(false);

/**
 * The account that this page works for. If another tab has logged in as somebody else, the service refuses our calls
 * instead of taking them in that person's name.
 */
let speaker: string | null = null;
export function setAccount(userId: string | null): void {
  speaker = userId;
}
/** The header that names the account a call is for. */
export const accountHeader = (userId: string | null = speaker): Record<string, string> =>
  userId === null ? {} : { "Anfang-Account": userId };

export interface ApiResponse<T> {
  body: T;
  etag: string | null;
  status: number;
}

interface Options {
  method?: string;
  /** Sent as it is if it is a `Blob`, else as JSON. */
  body?: unknown;
  /** Longest wait for the answer, in milliseconds. */
  waitMs?: number;
  /** The version that is to be changed: a number, or a digest. */
  version?: number | string | undefined;
  etag?: string | undefined;
  /** The account it is for, if not that of this page; `null` for whoever is logged in. */
  account?: string | null;
  /** The idempotency key of this action: it has one effect however often it is sent. */
  key?: string | undefined;
  /** The login answers 401 for a wrong password, which does not end a session. */
  keepSession?: boolean;
  /** Whether it is sent although the page closes. */
  keepalive?: boolean;
}

export async function request<T>(path: string, options: Options = {}): Promise<ApiResponse<T>> {
  const isUnattended = options.method === undefined && handRest() > UNATTENDED_MS;
  const headers: Record<string, string> = {
    ...(isUnattended ? { "Anfang-Unattended": "?1" } : {}),
    "Accept-Language": document.documentElement.lang || "zh-CN",
    ...accountHeader(options.account),
  };
  const { body: sent } = options;
  const isBlob = sent instanceof Blob;
  if (sent !== undefined) headers["Content-Type"] = isBlob ? sent.type : "application/json";
  if (options.version !== undefined) headers["If-Match"] = `"${options.version}"`;
  if (options.key !== undefined) headers["Idempotency-Key"] = options.key;
  if (options.etag) headers["If-None-Match"] = options.etag;

  const init: RequestInit = { method: options.method ?? "GET", headers, keepalive: options.keepalive === true };
  if (sent !== undefined) init.body = isBlob ? sent : JSON.stringify(sent);
  const { response, text } = await fetchWithTimeout(path, init, options.waitMs ?? ANSWER_WAIT_MS);
  if (response.status === 304) return { body: undefined as T, etag: options.etag ?? null, status: 304 };
  if (!response.ok) {
    const failure = failureOf(response.status, text, response.headers.get("Retry-After"));
    noteSessionEnd(failure, options.keepSession ?? false, options.account);
    throw failure;
  }
  const body = (text === "" ? undefined : parse(text)) as T;
  return { body, etag: response.headers.get("ETag"), status: response.status };
}

/** One request and its response, whatever its status. Fails only if no response comes in time. */
export async function fetchWithTimeout(
  path: string,
  init: RequestInit,
  waitMs: number,
): Promise<{ response: Response; text: string }> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), waitMs);
  try {
    const response = await fetch(BASE + path, { ...init, credentials: "same-origin", signal: stop.signal });
    noteResponse(response.headers.get("Date"));
    return { response, text: response.status === 304 ? "" : await response.text() };
  } catch {
    reachable.value = false;
    throw new Failure(stop.signal.aborted ? "timeout" : "offline");
  } finally {
    clearTimeout(timer);
  }
}

export const get = <T>(path: string, etag?: string) => request<T>(path, { etag });

export function noteResponse(date: string | null): void {
  reachable.value = true;
  if (date === null) return;
  const skew = Date.now() - Date.parse(date);
  // The header counts whole seconds, so smaller differences are noise.
  clockAheadMs.value = Math.abs(skew) < 2_000 ? 0 : skew;
}

/** `account` is the account that the call was for. */
export function noteSessionEnd(failure: Failure, keepSession: boolean, account: string | null = speaker): void {
  if (keepSession) return;
  // The session of somebody else is no session for this page. A call for an account that has logged out says nothing
  // about the present one.
  const isOther = failure.code === "other-account" && account === speaker;
  if (failure.code !== "not-signed-in" && !isOther) return;
  isReplaced.value = isOther;
  loggedOut.value = true;
}

export function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Failure("unreadable");
  }
}
