// Sending a sheet. XMLHttpRequest, because `fetch` tells nothing about what has been sent.
import { Failure, failureOf } from "./failure";
import type { Imported, ImportKind } from "./officeCalls";
import { BASE, heard, noteSession, parse, reachable } from "./request";

/** Longest time in which nothing is heard, in milliseconds; a sheet of new accounts takes a second for each few. */
const SILENCE_MAX_MS = 15 * 60_000;

export interface Sending { done: Promise<Imported>; stop: () => void }

/** Has a sheet checked or loaded. `onSent` hears the share that has left, 1 when the service is at work on it. */
export function sendSheet(kind: ImportKind, file: Blob, checkOnly: boolean, onSent: (share: number) => void): Sending {
  const call = new XMLHttpRequest();
  const done = new Promise<Imported>((resolve, reject) => {
    call.open("POST", `${BASE}/imports/${kind}?check=${String(checkOnly)}`);
    call.setRequestHeader("Content-Type", "text/csv");
    call.setRequestHeader("Accept-Language", document.documentElement.lang || "zh-CN");
    call.timeout = SILENCE_MAX_MS;
    call.upload.onprogress = (event) => onSent(event.lengthComputable && event.total > 0 ? event.loaded / event.total : 0);
    call.upload.onload = () => onSent(1);
    call.onabort = () => reject(new Failure("timeout"));
    call.ontimeout = () => reject(new Failure("timeout"));
    call.onerror = () => { reachable.value = false; reject(new Failure("offline")); };
    call.onload = () => {
      heard(call.getResponseHeader("Date"));
      if (call.status >= 200 && call.status < 300) return resolve(parse(call.responseText) as Imported);
      const failure = failureOf(call.status, call.responseText, call.getResponseHeader("Retry-After"));
      noteSession(failure, false);
      reject(failure);
    };
    call.send(file);
  });
  return { done, stop: () => call.abort() };
}
