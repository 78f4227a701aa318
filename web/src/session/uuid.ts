/**
 * A random UUID (v4). `crypto.randomUUID` is newer than our oldest web views, and time-ordered ids would reveal when a
 * visit was.
 */
export function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The idempotency key of a record: its id, as in packets. Older ids are not UUIDs and get a new key. */
export const stepKey = (id: string): string => (UUID.test(id) ? id : uuid());
