// Waits at the service until something changed that the account can see.
import { failureOf } from "./failure";
import { CHANGES_WAIT_SECONDS_MAX } from "./limits";
import { accountHeader, BASE, noteResponse, noteSessionEnd, parse } from "./request";
import type { Schemas } from "./types";

/** Longest wait for the answer, in milliseconds: some networks lose a connection without telling. */
const ANSWER_WAIT_MS = (CHANGES_WAIT_SECONDS_MAX + 10) * 1_000;

/**
 * The number that the account's changes have reached; without `seen` at once, else when it is another one, or after a
 * while; `given` ends it early. A failure says nothing about the network: those that cut long
 * requests are good enough for others.
 */
export async function changesAfter(seen: number | null, given: AbortSignal): Promise<number> {
  const stop = new AbortController();
  const end = () => stop.abort();
  const timer = setTimeout(end, ANSWER_WAIT_MS);
  given.addEventListener("abort", end);
  try {
    const query = seen === null ? "" : `?seen=${seen}&wait=${CHANGES_WAIT_SECONDS_MAX}`;
    const response = await fetch(`${BASE}/changes${query}`, {
      headers: accountHeader(),
      credentials: "same-origin",
      signal: stop.signal,
    });
    const text = await response.text();
    noteResponse(response.headers.get("Date"));
    if (response.ok) return (parse(text) as Schemas["ChangesView"]).seen;
    const failure = failureOf(response.status, text, response.headers.get("Retry-After"));
    noteSessionEnd(failure, false);
    throw failure;
  } finally {
    clearTimeout(timer);
    given.removeEventListener("abort", end);
  }
}
