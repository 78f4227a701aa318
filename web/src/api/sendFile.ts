// Sends a file, with XMLHttpRequest, because `fetch` does not report progress.
import { asFailure, Failure, failureOf } from "./failure";
import { accountHeader, BASE, noteResponse, noteSessionEnd, parse, reachable } from "./request";

/** Longest wait without any answer, in milliseconds. A sheet of new accounts needs about a second for a few rows. */
const SILENCE_MAX_MS = 15 * 60_000;

export interface Sending<T> {
  done: Promise<T>;
  stop: () => void;
}
/** Called with the share that has been sent; 1 means that the service is working on it. */
export type OnSent = (share: number) => void;

export function sendFile<T>(method: string, path: string, type: string, file: Blob, onSent: OnSent): Sending<T> {
  const call = new XMLHttpRequest();
  const done = new Promise<T>((resolve, reject) => {
    call.open(method, BASE + path);
    for (const [name, value] of Object.entries(accountHeader())) call.setRequestHeader(name, value);
    call.setRequestHeader("Content-Type", type);
    call.setRequestHeader("Accept-Language", document.documentElement.lang || "zh-CN");
    call.timeout = SILENCE_MAX_MS;
    call.upload.onprogress = (event) =>
      onSent(event.lengthComputable && event.total > 0 ? event.loaded / event.total : 0);
    call.upload.onload = () => onSent(1);
    call.onabort = () => reject(new Failure("timeout"));
    call.ontimeout = () => reject(new Failure("timeout"));
    call.onerror = () => {
      reachable.value = false;
      reject(new Failure("offline"));
    };
    call.onload = () => {
      noteResponse(call.getResponseHeader("Date"));
      if (call.status >= 200 && call.status < 300) {
        // An exception thrown here would be lost.
        try {
          return resolve(parse(call.responseText) as T);
        } catch (cause) {
          return reject(asFailure(cause));
        }
      }
      const failure = failureOf(call.status, call.responseText, call.getResponseHeader("Retry-After"));
      noteSessionEnd(failure, false);
      reject(failure);
    };
    call.send(file);
  });
  return { done, stop: () => call.abort() };
}
