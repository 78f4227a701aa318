// The one place that opens IndexedDB.
import { signal } from "@preact/signals";
import { openDB } from "idb";
import type { DBSchema, IDBPDatabase, IDBPTransaction, StoreNames } from "idb";
import type { Draft, StoredPhoto } from "./records";
import type { OutboxEntry } from "../outbox/entry";
import { uuid } from "../session/uuid";

export interface Cached {
  at: number;
  etag: string | null;
  body: unknown;
}
export interface CachedPicture {
  bytes: ArrayBuffer;
  type: string;
  at: number;
}

interface Schema extends DBSchema {
  /** Small values by name: the session, preferences of this device. */
  meta: { key: string; value: unknown };
  drafts: { key: string; value: Draft; indexes: { user: string } };
  outbox: { key: string; value: OutboxEntry; indexes: { user: string } };
  photos: { key: string; value: StoredPhoto };
  /** Originals in chunks: WebKit loses Blobs, and one huge value blocks the thread. */
  chunks: { key: [string, number]; value: ArrayBuffer };
  /** Answers of the service, to show without a network. Keys start with the user's id. */
  answers: { key: string; value: Cached };
  pictures: { key: string; value: CachedPicture };
}

const NAME = "anfang";

type Upgrading = IDBPTransaction<Schema, StoreNames<Schema>[], "versionchange">;
/**
 * The upgrades of the database, one for each version. Databases on phones were made by them: a shipped upgrade never
 * changes, and new ones are appended. An upgrade may only await the database itself, or the browser ends the
 * transaction.
 */
const UPGRADES: ((db: Database, tx: Upgrading) => void | Promise<void>)[] = [
  (db) => {
    db.createObjectStore("meta");
    db.createObjectStore("drafts", { keyPath: "id" }).createIndex("user", "userId");
    db.createObjectStore("outbox", { keyPath: "id" }).createIndex("user", "userId");
    db.createObjectStore("photos", { keyPath: "id" });
    db.createObjectStore("chunks");
    db.createObjectStore("answers");
    db.createObjectStore("pictures");
  },
  // In version 1 a draft did not name its record, so a double tap could create two.
  async (_, tx) => {
    for (let at = await tx.objectStore("drafts").openCursor(); at; at = await at.continue()) {
      const draft = at.value;
      if (draft.kind === "answer" && draft.entryId === undefined) await at.update({ ...draft, entryId: uuid() });
    }
  },
];

type Database = IDBPDatabase<Schema>;
let handle: Promise<Database> | null = null;

/** Why the storage does not work; `null` while it does. */
export type StorageProblem =
  /** Another window has the old database open and does not close it. */
  | "blocked"
  /** Another window has a newer app that has upgraded the database. */
  | "outdated"
  /** Nothing more can be kept. */
  | "full"
  /** The browser does not open it, for a reason of its own. */
  | "closed";
export const storageProblem = signal<StorageProblem | null>(null);
const reported = new WeakSet<object>();
/** Whether a failure was already shown as a storage problem. */
export const isReported = (cause: unknown): boolean =>
  typeof cause === "object" && cause !== null && reported.has(cause);

/** Tasks to finish before the database is closed, such as saving open forms. */
const beforeCloseTasks = new Set<() => Promise<unknown>>();
export function beforeClose(work: () => Promise<unknown>): () => void {
  beforeCloseTasks.add(work);
  return () => void beforeCloseTasks.delete(work);
}

function open(): Promise<Database> {
  if (handle) return handle;
  // Without any storage the call may throw at once.
  const opening = Promise.resolve().then(() =>
    openDB<Schema>(NAME, UPGRADES.length, {
      async upgrade(db, from, _, tx) {
        for (const step of UPGRADES.slice(from)) await step(db, tx);
      },
      blocked() {
        storageProblem.value = "blocked";
      },
      blocking() {
        // Another window needs a newer schema: close, but save what was typed first.
        void Promise.all([...beforeCloseTasks].map((work) => work().catch(() => undefined)))
          .then(() => opening)
          .then((db) => {
            db.close();
            storageProblem.value = "outdated";
            if (handle === opening) handle = null;
          });
      },
      terminated() {
        if (handle === opening) handle = null;
      },
    }),
  );
  handle = opening;
  opening.then(
    () => {
      storageProblem.value = null;
    },
    (cause: unknown) => {
      report(cause, troubleOf(cause) ?? "closed");
      if (handle === opening) handle = null;
    },
  );
  return opening;
}

/** What a failure says about the storage as a whole, if anything. */
function troubleOf(cause: unknown): StorageProblem | null {
  if (!(cause instanceof Error)) return null;
  if (cause.name === "QuotaExceededError") return "full";
  return cause.name === "VersionError" ? "outdated" : null;
}

/** Whether it failed because the device has no room left. */
export const isFull = (cause: unknown): boolean => troubleOf(cause) === "full";

/** Runs `work`, and again on a fresh connection if the browser has dropped the database (iOS does). */
export async function withDatabase<T>(work: (db: Database) => Promise<T>): Promise<T> {
  try {
    return await work(await open());
  } catch (cause) {
    if (!(cause instanceof DOMException) || !["InvalidStateError", "UnknownError"].includes(cause.name))
      throw noted(cause);
    handle = null;
    try {
      return await work(await open());
    } catch (again) {
      throw noted(again);
    }
  }
}

/** A full disk concerns the whole app; the next successful write clears the problem. */
function noted(cause: unknown): unknown {
  const what = troubleOf(cause);
  if (what) report(cause, what);
  return cause;
}

function report(cause: unknown, what: StorageProblem): void {
  storageProblem.value = what;
  if (typeof cause === "object" && cause !== null) reported.add(cause);
}

type Name = StoreNames<Schema>;
/** A transaction that may write, as `write` hands it to its work. */
export type Writing = IDBPTransaction<Schema, Name[], "readwrite">;

const ROOM_BYTES = 65_536;
/** Tests the disk itself: a transaction may only have deleted something. */
const hasRoom = (db: Database): Promise<boolean> =>
  db
    .put("meta", new ArrayBuffer(ROOM_BYTES), "room")
    .then(() => db.delete("meta", "room"))
    .then(
      () => true,
      () => false,
    );

/** One transaction, saved to disk when it resolves: all of `work` or nothing. */
export function write<T>(
  stores: Name[],
  work: (tx: IDBPTransaction<Schema, Name[], "readwrite">) => Promise<T>,
): Promise<T> {
  return withDatabase(async (db) => {
    // `relaxed`, Chrome's default since 121, reports success before the data is on disk.
    const tx = db.transaction(stores, "readwrite", { durability: "strict" });
    try {
      const result = await work(tx);
      await tx.done;
      if (storageProblem.value === "full" && (await hasRoom(db))) storageProblem.value = null;
      return result;
    } catch (cause) {
      // An exception inside must not leave half of the work.
      try {
        tx.abort();
      } catch {
        /* it had ended by itself */
      }
      // If the disk was full, the transaction's own error tells more than that of the request.
      throw await tx.done.then(
        () => cause,
        (end: unknown) => (isFull(end) ? end : cause),
      );
    }
  });
}

/** For tests: forgets the open handle. */
export async function closeDatabase(): Promise<void> {
  const db = await handle;
  db?.close();
  handle = null;
}
