// Imports a packet on another phone. What is already there stays as it is.
import type { OutboxEntry } from "../outbox/entry";
import { withDatabase, write } from "../store/database";
import { entryIdOf } from "../store/drafts";
import type { Draft, PhotoRef, StoredPhoto } from "../store/records";
import { fromBase64 } from "./format";
import type { End, Owner, PacketPhoto } from "./format";
import { idsHere } from "./here";
import { importVersion1 } from "./version1";
import { linesOf, NotAPacket, readHead } from "./read";

export interface ImportResult {
  records: number;
  drafts: number;
  /** Whether the file was whole. */
  isComplete: boolean;
  /** The owner, if it is somebody else: then nothing was imported. */
  owner: Owner | null;
}

/** What is being read: a record or draft, and where its photos stand. */
interface Open {
  item: { entry: OutboxEntry } | { draft: Draft };
  refs: PhotoRef[];
  photo: Arriving | null;
  arrived: Arriving[];
  isWhole: boolean;
}
interface Arriving {
  photo: PacketPhoto;
  pieces: number;
  bytes: number;
  isKnown: boolean;
}

export async function importPacket(file: Blob, userId: string): Promise<ImportResult> {
  let owner: Owner;
  try {
    owner = (await readHead(file)).account;
  } catch (cause) {
    if (cause instanceof NotAPacket && cause.isOld)
      return { records: await importVersion1(file, userId), drafts: 0, isComplete: true, owner: null };
    throw cause;
  }
  // A record is sent in its author's name, so another person's file is not imported.
  if (owner.id !== userId) return { records: 0, drafts: 0, isComplete: true, owner };
  const taken: ImportResult = { records: 0, drafts: 0, isComplete: false, owner: null };
  const seen: End = { records: 0, drafts: 0, photos: 0 };
  let open: Open | null = null;
  const close = async () => {
    if (open && (await finish(open))) taken["entry" in open.item ? "records" : "drafts"] += 1;
    open = null;
  };
  for await (const line of linesOf(file)) {
    if ("record" in line) {
      await close();
      seen.records += 1;
      open = await begin({ entry: line.record.app }, userId);
    } else if ("draft" in line) {
      await close();
      seen.drafts += 1;
      open = await begin({ draft: line.draft }, userId);
    } else if ("photo" in line) {
      seen.photos += 1;
      if (open) await beginPhoto(open, line.photo);
    } else if ("piece" in line) {
      if (open?.photo) await keepPiece(open.photo, line.piece);
    } else if ("end" in line) {
      await close();
      taken.isComplete =
        line.end.records === seen.records && line.end.drafts === seen.drafts && line.end.photos === seen.photos;
    }
  }
  // Without an `end` line the last record may be incomplete.
  return taken;
}

/** `null` if this device already has it: as a record, as a draft, or as what either became. */
async function begin(item: Open["item"], userId: string): Promise<Open | null> {
  const of = "entry" in item ? item.entry : item.draft;
  if (of.userId !== userId) return null;
  const here = await idsHere(userId);
  if (here.has(of.id) || ("draft" in item && here.has(entryIdOf(item.draft)))) return null;
  return { item, refs: of.photos, photo: null, arrived: [], isWhole: true };
}

async function beginPhoto(open: Open, photo: PacketPhoto): Promise<void> {
  settle(open);
  if (!open.refs.some((ref) => ref.id === photo.id)) return;
  const isKnown = (await withDatabase((db) => db.get("photos", photo.id))) !== undefined;
  open.photo = { photo, pieces: 0, bytes: 0, isKnown };
}

async function keepPiece(arriving: Arriving, base64: string): Promise<void> {
  const bytes = fromBase64(base64);
  const index = arriving.pieces;
  arriving.pieces += 1;
  arriving.bytes += bytes.byteLength;
  if (!arriving.isKnown)
    await write(["chunks"], (tx) => tx.objectStore("chunks").put(bytes, [arriving.photo.id, index]));
}

/** Ends the present photo, complete or not. */
function settle(open: Open): void {
  if (!open.photo) return;
  if (open.photo.bytes === open.photo.photo.size_bytes) open.arrived.push(open.photo);
  else open.isWhole = false;
  open.photo = null;
}

/** Saves the record or draft when all of its photos are saved. */
async function finish(open: Open): Promise<boolean> {
  settle(open);
  if (!open.isWhole) return false;
  const { item } = open;
  const id = "entry" in item ? item.entry.id : item.draft.id;
  return write(["outbox", "drafts", "photos"], async (tx) => {
    for (const { photo, pieces, isKnown } of open.arrived) {
      if (!isKnown) await tx.objectStore("photos").put(stored(photo, pieces, id));
    }
    if ("draft" in item) await tx.objectStore("drafts").add(item.draft);
    else await tx.objectStore("outbox").add({ ...item.entry, state: "waiting", attempts: 0, nextAt: 0 });
    return true;
  });
}

const stored = (photo: PacketPhoto, chunkCount: number, ownerId: string): StoredPhoto => ({
  id: photo.id,
  ownerId,
  type: photo.type,
  sizeBytes: photo.size_bytes,
  chunkCount,
  sha256: photo.sha256,
  capturedAt: photo.captured_at,
  preview: null,
});
