// Uploads in pieces by tus 1.0. Each call returns the offset up to which the service has stored the photo.
import { asFailure, Failure, failureOf } from "./failure";
import { accountHeader, fetchWithTimeout, noteSessionEnd } from "./request";

/** Longest wait for one piece to be taken, in milliseconds. */
const PIECE_WAIT_MS = 20_000;

/** What creates an upload. */
export interface PhotoFacts {
  id: string;
  type: string;
  sizeBytes: number;
  sha256: string | null;
}

/** Creates the upload, or finds the existing one; may carry the first piece. */
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

/** The stored offset; `null` if the upload does not exist any more. */
export async function stand(id: string, account: string): Promise<number | null> {
  try {
    return await call(`/uploads/${id}`, "HEAD", account, {}, null);
  } catch (cause) {
    const { status } = asFailure(cause);
    // A HEAD has no body that could say more, so the upload is created again.
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
    // The response to a HEAD has no body. Its request id and tus version show that it comes from the service.
    const isOurs = method === "HEAD" && response.headers.has("Tus-Resumable") && response.headers.has("X-Request-Id");
    const failure = isOurs
      ? new Failure("not-found", response.status)
      : failureOf(response.status, text, response.headers.get("Retry-After"));
    noteSessionEnd(failure, false, account);
    throw failure;
  }
  const offset = response.headers.get("Upload-Offset");
  // A proxy that answers instead of the service sends no offset.
  if (offset === null || !/^\d+$/.test(offset)) throw new Failure("unreadable");
  return Number(offset);
}
