// Sends a photo as a whole, with XMLHttpRequest, because `fetch` does not report progress. A file of its own, because
// it is only needed when something is sent.
import { asFailure, Failure, failureOf } from "./failure";
import type { FailureCode } from "./failure";
import { accountHeader, BASE, noteResponse, noteSessionEnd, parse, reachable } from "./request";
import type { PhotoFacts } from "./uploads";

/** Longest time without any byte sent, in milliseconds. */
const PHOTO_STALL_MS = 45_000;

/** Sends a photo in one piece. */
export function putWhole(
  { id, sha256 }: PhotoFacts,
  bytes: Blob,
  account: string,
  onSent: (bytes: number) => void,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open("PUT", `${BASE}/photos/${id}`);
    for (const [name, value] of Object.entries(accountHeader(account))) call.setRequestHeader(name, value);
    call.setRequestHeader("Content-Type", bytes.type);
    if (sha256 !== null) call.setRequestHeader("Repr-Digest", reprDigest(sha256));
    // An upload that stalls is aborted; one that is slow is not.
    let stall = setTimeout(() => call.abort(), PHOTO_STALL_MS);
    const moved = () => {
      clearTimeout(stall);
      stall = setTimeout(() => call.abort(), PHOTO_STALL_MS);
    };
    call.upload.onprogress = (event) => {
      moved();
      onSent(event.loaded);
    };
    const lost = (code: FailureCode) => () => {
      clearTimeout(stall);
      reachable.value = false;
      reject(new Failure(code));
    };
    call.onabort = lost("timeout");
    call.onerror = lost("offline");
    call.onload = () => {
      clearTimeout(stall);
      noteResponse(call.getResponseHeader("Date"));
      if (call.status >= 200 && call.status < 300) {
        // An exception thrown here would be lost.
        try {
          resolve(parse(call.responseText));
        } catch (cause) {
          reject(asFailure(cause));
        }
        return;
      }
      const failure = failureOf(call.status, call.responseText, call.getResponseHeader("Retry-After"));
      noteSessionEnd(failure, false, account);
      reject(failure);
    };
    call.send(bytes);
  });
}

/** RFC 9530: `sha-256=:base64:`. */
export function reprDigest(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return `sha-256=:${btoa(String.fromCharCode(...bytes.map((byte) => parseInt(byte, 16))))}:`;
}
