// The file of unsent records, as web/README.md describes it: a line is a JSON object, a photo follows what names it.
import type { OutboxEntry } from "../outbox/entry";
import type { Draft, StoredPhoto } from "../store/records";

export const FORMAT = "anfang-unsent";
export const FORMAT_VERSION = 2;
/** Maximum size of one file, unless a single record is larger. Source: Chrome's share sheet takes 50 MiB. */
export const PART_BYTES_MAX = 40_000_000;

/** As many records as one file holds at most; the service reads no more than `PACKET_RECORDS_MAX`. */
export const PART_RECORDS_MAX = 500;

export interface Owner {
  id: string;
  username: string;
  name: string;
  role: string;
}
export interface Head {
  format: string;
  version: number;
  account: Owner;
  exported_at: string;
  part: number;
  parts: number;
}
/** What the service needs of a record; `app` is for this app only. */
export interface PacketRecord {
  kind: "report" | "answer" | "visit";
  id: string;
  issue_id?: string;
  action?: string;
  version?: number;
  /** The idempotency key the action was sent with, if it was ever sent; otherwise the key is `id`. */
  key?: string;
  after?: string;
  composed_at: string;
  body: unknown;
  app: OutboxEntry;
}
export interface PacketPhoto {
  id: string;
  type: string;
  size_bytes: number;
  sha256: string | null;
  captured_at: string;
}
export interface End {
  records: number;
  drafts: number;
  photos: number;
}

export type Line =
  | { packet: Head }
  | { record: PacketRecord }
  | { draft: Draft }
  | { photo: PacketPhoto }
  | { piece: string }
  | { end: End };

export function recordOf(entry: OutboxEntry): PacketRecord {
  const base = { id: entry.id, composed_at: new Date(entry.createdAt).toISOString(), body: entry.body, app: entry };
  if (entry.kind !== "answer") return { kind: entry.kind, ...base };
  const { key, after } = entry as { key?: string; after?: string };
  return {
    kind: "answer",
    ...base,
    issue_id: entry.issueId,
    action: entry.action,
    version: entry.version,
    ...(key ? { key } : {}),
    ...(after ? { after } : {}),
  };
}

export const photoOf = (photo: StoredPhoto): PacketPhoto => ({
  id: photo.id,
  type: photo.type,
  size_bytes: photo.sizeBytes,
  sha256: photo.sha256,
  captured_at: photo.capturedAt,
});

/** Base64, in steps, because a call takes a limited number of arguments. */
export function toBase64(bytes: ArrayBuffer): string {
  const all = new Uint8Array(bytes);
  const parts: string[] = [];
  // A multiple of three, so that the parts can be joined.
  for (let at = 0; at < all.length; at += BASE64_STEP)
    parts.push(btoa(String.fromCharCode(...all.subarray(at, at + BASE64_STEP))));
  return parts.join("");
}
const BASE64_STEP = 3 * 8192;

export function fromBase64(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes.buffer;
}
