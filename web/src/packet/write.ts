// Writes unsent records and drafts with their originals to files that can be moved to another device.
import type { Account } from "../api/types";
import { keysOf } from "../keysOf";
import { isUnsent } from "../outbox/entry";
import type { OutboxEntry } from "../outbox/entry";
import { withDatabase } from "../store/database";
import { listDrafts } from "../store/drafts";
import { readPhoto } from "../store/originals";
import { listEntries } from "../store/outbox";
import type { Draft, PhotoRef } from "../store/records";
import { FORMAT, FORMAT_VERSION, PART_BYTES_MAX, PART_RECORDS_MAX, photoOf, recordOf, toBase64 } from "./format";
import type { Head, Line } from "./format";

export interface Packet {
  file: Blob;
  records: number;
  drafts: number;
}

/** One record or draft with its photos. */
interface Group {
  kind: "record" | "draft";
  blob: Blob;
  photos: number;
}

/**
 * The files: more than one if a share sheet could not take one so large. Only one piece of a photo is in memory at a
 * time.
 */
export async function writePackets(
  account: Pick<Account, "id" | "username" | "display_name" | "role">,
  now: number,
  partBytesMax = PART_BYTES_MAX,
): Promise<Packet[]> {
  const parts: Group[][] = [];
  let bytes = Infinity;
  const take = (group: Group) => {
    // A record is never split: each file is whole in itself.
    if (bytes + group.blob.size > partBytesMax || parts[parts.length - 1]?.length === PART_RECORDS_MAX) {
      parts.push([]);
      bytes = 0;
    }
    bytes += group.blob.size;
    parts[parts.length - 1]?.push(group);
  };
  const all = await listEntries(account.id);
  const entries = all.filter(isUnsent).sort((a, b) => a.createdAt - b.createdAt);
  for (const entry of entries)
    take(await groupOf("record", { record: recordOf(forElsewhere(entry, all)) }, entry.photos));
  for (const draft of (await listDrafts(account.id)).filter(isBegun))
    take(await groupOf("draft", { draft }, draft.photos));
  return parts.map((groups, at) => {
    const owner = { id: account.id, username: account.username, name: account.display_name, role: account.role };
    const packet: Head = {
      format: FORMAT,
      version: FORMAT_VERSION,
      account: owner,
      exported_at: new Date(now).toISOString(),
      part: at + 1,
      parts: parts.length,
    };
    const drafts = groups.filter((group) => group.kind === "draft").length;
    const records = groups.length - drafts;
    const photos = groups.reduce((sum, group) => sum + group.photos, 0);
    const file = new Blob(
      [line({ packet }), ...groups.map((group) => group.blob), line({ end: { records, drafts, photos } })],
      { type: "text/plain" },
    );
    return { file, records, drafts };
  });
}

/** The other device does not get what was delivered from here, so that a visit must not await it there. */
const forElsewhere = (entry: OutboxEntry, all: OutboxEntry[]): OutboxEntry =>
  entry.kind === "visit"
    ? { ...entry, awaits: entry.awaits.filter((id) => !all.some((one) => one.id === id && !isUnsent(one))) }
    : entry;

/** Whether anything was entered into it. */
export function isBegun(draft: Draft): boolean {
  if (draft.photos.length > 0) return true;
  if (draft.kind === "visit") return keysOf(draft.fields.seen).length + draft.fields.interviews.length > 0;
  if (draft.fields.itemCode !== null) return true;
  return (
    (draft.kind === "report" ? draft.fields.description : `${draft.fields.text}${draft.fields.handler}`).trim() !==
      "" ||
    (draft.kind === "answer" && draft.fields.remedy !== null)
  );
}

const line = (content: Line): string => `${JSON.stringify(content)}\n`;

async function groupOf(kind: Group["kind"], head: Line, refs: PhotoRef[]): Promise<Group> {
  const blobs: Blob[] = [new Blob([line(head)])];
  let photos = 0;
  for (const { id } of refs) {
    const photo = await readPhoto(id);
    // A photo whose bytes are missing is left out; the service will report it as missing.
    if (!photo || !(await hasAll(id, photo.chunkCount))) continue;
    photos += 1;
    blobs.push(new Blob([line({ photo: photoOf(photo) })]));
    for (let index = 0; index < photo.chunkCount; index += 1) {
      const chunk = await withDatabase((db) => db.get("chunks", [id, index]));
      // A Blob, so that the browser can keep it on disk.
      if (chunk) blobs.push(new Blob([line({ piece: toBase64(chunk) })]));
    }
  }
  return { kind, photos, blob: new Blob(blobs) };
}

const hasAll = (id: string, count: number): Promise<boolean> =>
  withDatabase(async (db) => (await db.count("chunks", IDBKeyRange.bound([id, 0], [id, Infinity]))) === count);
