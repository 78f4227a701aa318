// Photos in pieces, as tus 1.0 speaks it: each call answers where the upload stands on the service's disk.
import { asFailure, Failure, failureOf } from "./failure";
import { accountHeader, fetchWithTimeout, noteSessionEnd } from "./request";

/** Longest wait for one piece to be taken, in milliseconds. */
const PIECE_WAIT_MS = 20_000;

/** What an upload is announced with. */
export interface PhotoFacts {
  id: string;
  type: string;
  sizeBytes: number;
  sha256: string | null;
}

/** Announces the photo, or finds it announced, with its first piece where there is one. */
export function begin(facts: PhotoFacts, piece: Blob | null, account: string): Promise<number> {
  const told = [
    `id ${btoa(facts.id)}`,
    `filetype ${btoa(facts.type)}`,
    ...(facts.sha256 === null ? [] : [`sha256 ${btoa(facts.sha256)}`]),
  ];
  return call(
    "/uploads",
    "POST",
    account,
    { "Upload-Length": String(facts.sizeBytes), "Upload-Metadata": told.join(",") },
    piece,
  );
}

/** Where it stands; nothing when there is no such upload any more. */
export async function stand(id: string, account: string): Promise<number | null> {
  try {
    return await call(`/uploads/${id}`, "HEAD", account, {}, null);
  } catch (cause) {
    const { status } = asFailure(cause);
    // What else it could say of the upload is in the body, which a HEAD has not: sending anew will tell.
    const isGone = status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status);
    if (isGone) return null;
    throw cause;
  }
}

/** Sends the bytes from `offset` on. */
export const append = (id: string, offset: number, piece: Blob, account: string): Promise<number> =>
  call(`/uploads/${id}`, "PATCH", account, { "Upload-Offset": String(offset) }, piece);

async function call(
  path: string,
  method: string,
  account: string,
  headers: Record<string, string>,
  piece: Blob | null,
): Promise<number> {
  const init: RequestInit = { method, headers: { "Tus-Resumable": "1.0.0", ...accountHeader(account), ...headers } };
  if (piece) {
    init.body = piece;
    init.headers = { ...init.headers, "Content-Type": "application/offset+octet-stream" };
  }
  const { response, text } = await fetchWithTimeout(path, init, PIECE_WAIT_MS);
  if (!response.ok) {
    // The answer to a HEAD has no body; that it is the service's own shows in its request id and its version of tus.
    const isOurs = method === "HEAD" && response.headers.has("Tus-Resumable") && response.headers.has("X-Request-Id");
    const failure = isOurs
      ? new Failure("not-found", response.status)
      : failureOf(response.status, text, response.headers.get("Retry-After"));
    noteSessionEnd(failure, false, account);
    throw failure;
  }
  const offset = response.headers.get("Upload-Offset");
  // A gateway that answers in the service's stead knows no offset.
  if (offset === null || !/^\d+$/.test(offset)) throw new Failure("unreadable");
  return Number(offset);
}
