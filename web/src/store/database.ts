// The one place that opens IndexedDB.
import { openDB } from "idb";
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import type { Draft, StoredPhoto } from "./records";
import type { OutboxEntry } from "../outbox/entry";

export interface Kept { at: number; etag: string | null; body: unknown }
export interface KeptPicture { bytes: ArrayBuffer; type: string; at: number }

interface Schema extends DBSchema {
  /** Small things by name: who is signed in, choices of this device. */
  meta: { key: string; value: unknown };
  drafts: { key: string; value: Draft; indexes: { user: string } };
  outbox: { key: string; value: OutboxEntry; indexes: { user: string } };
  photos: { key: string; value: StoredPhoto };
  /** Originals in pieces: WebKit loses Blobs, and one huge value blocks the thread. */
  chunks: { key: [string, number]; value: ArrayBuffer };
  /** Answers of the service, to show without a network. Keys start with the user's id. */
  answers: { key: string; value: Kept };
  pictures: { key: string; value: KeptPicture };
}

const NAME = "anfang";
const VERSION = 1;

type Database = IDBPDatabase<Schema>;
let handle: Promise<Database> | null = null;

function open(): Promise<Database> {
  handle ??= openDB<Schema>(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("meta");
      db.createObjectStore("drafts", { keyPath: "id" }).createIndex("user", "userId");
      db.createObjectStore("outbox", { keyPath: "id" }).createIndex("user", "userId");
      db.createObjectStore("photos", { keyPath: "id" });
      db.createObjectStore("chunks");
      db.createObjectStore("answers");
      db.createObjectStore("pictures");
    },
    blocking() {
      // Another tab brings a newer schema: let go, or it waits for ever.
      void handle?.then((db) => db.close());
      handle = null;
    },
    terminated() {
      handle = null;
    },
  });
  handle.catch(() => { handle = null; });
  return handle;
}

/** Runs `work` and, where the browser has dropped the database under us (iOS does), once more on a fresh one. */
export async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  try {
    return await work(await open());
  } catch (cause) {
    if (!(cause instanceof DOMException) || !["InvalidStateError", "UnknownError"].includes(cause.name)) throw cause;
    handle = null;
    return work(await open());
  }
}

type Name = StoreNames<Schema>;
/** A transaction that may write, as `write` hands it to its work. */
export type Writing = IDBPTransaction<Schema, Name[], "readwrite">;

/** One transaction that is on the disk when it resolves: all of `work` or nothing of it. */
export function write<T>(
  stores: Name[],
  work: (tx: IDBPTransaction<Schema, Name[], "readwrite">) => Promise<T>,
): Promise<T> {
  return withDatabase(async (db) => {
    // `relaxed` is Chrome's default since 121: told done before it is.
    const tx = db.transaction(stores, "readwrite", { durability: "strict" });
    try {
      const result = await work(tx);
      await tx.done;
      return result;
    } catch (cause) {
      // Whoever threw inside must not leave half of the work behind.
      try { tx.abort(); } catch { /* it had ended by itself */ }
      await tx.done.catch(() => undefined);
      throw cause;
    }
  });
}

/** For tests: forgets the open handle. */
export async function closeDatabase(): Promise<void> {
  const db = await handle;
  db?.close();
  handle = null;
}
