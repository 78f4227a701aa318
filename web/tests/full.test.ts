// A full device: nothing can be saved, but sending would free space.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loggedOut, setAccount } from "../src/api/request";
// Loaded on demand in the app; here at once.
import "../src/outbox/inPieces";
import "../src/outbox/lease";
import "../src/outbox/refusal";
import "../src/outbox/freeSpace";
import { entries, startOutbox, stopOutbox } from "../src/outbox/drain";
import { edit } from "../src/outbox/edit";
import type { AnswerEntry, OutboxEntry } from "../src/outbox/entry";
import { uuid } from "../src/session/uuid";
import { closeDatabase, storageProblem, withDatabase, write } from "../src/store/database";
import { listDrafts } from "../src/store/drafts";
import { closeOpen } from "../src/store/markOpen";
import { readEntry } from "../src/store/outbox";
import { broken, network, problem, quiet, until } from "./network";
import type { Answered } from "./network";
import { answerEntry, photoRef, reportEntry } from "./records";

const NOON = Date.parse("2026-08-03T04:00:00Z");
const MINUTE = 60_000;

/** Of the record, and of one behind it; others in each test, since the page that knows of them is the same. */
let [ID, LATER] = ["", ""];
let isFull = false;
const { put, add } = IDBObjectStore.prototype;
const refuse = (): never => {
  throw new DOMException("no room", "QuotaExceededError");
};

/** Records with all their photos, from before the device was full. */
const keep = (...all: OutboxEntry[]) =>
  withDatabase(async (db) => {
    for (const entry of all) {
      await db.put("outbox", entry);
      for (const { id } of entry.photos) {
        await db.put("photos", {
          id,
          ownerId: entry.id,
          type: "image/jpeg",
          sizeBytes: 3,
          chunkCount: 1,
          sha256: null,
          capturedAt: "",
          preview: null,
        });
        await db.put("chunks", new ArrayBuffer(3), [id, 0]);
      }
    }
  });
const keepOne = (name: string) => write(["meta"], (tx) => tx.objectStore("meta").put(1, name));
const counts = () =>
  withDatabase(async (db) => [await db.count("outbox"), await db.count("photos"), await db.count("chunks")]);
const report = () => ({ ...reportEntry(ID), photos: [photoRef("p1")], isTried: false, isReceived: false });
const step = (id: string, change: Partial<AnswerEntry> = {}): AnswerEntry => ({
  ...answerEntry(),
  id,
  key: id,
  action: "sign-in",
  body: {},
  photos: [],
  isTried: false,
  ...change,
});
const held = (missing: string[]): Answered => ({
  body: {
    missing_photos: missing,
    state: missing.length > 0 ? "receiving" : "submitted",
    version: 1,
    number: null,
    submitted_at: null,
    received_at: "2026-08-03T04:00:00Z",
  },
});
/** The service: it misses the photo until that has come. */
function service() {
  let missing = ["p1"];
  return network(({ method, path }) => {
    if (path.startsWith("/uploads")) {
      missing = [];
      return { status: 201, headers: { "Upload-Offset": "3" } };
    }
    return method === "PUT" || method === "GET"
      ? held(missing)
      : { body: { state: "rectifying", version: 5, number: null } };
  });
}
async function pass(ms: number): Promise<void> {
  await quiet();
  for (let passed = 0; passed < ms; passed += 1_000) {
    await vi.advanceTimersByTimeAsync(1_000);
    await quiet();
  }
}
describe("that there is room again", () => {
  it("is told by what was kept, and not by a transaction that had nothing to write", async () => {
    isFull = true;
    await keepOne("tried").catch(() => undefined);
    expect(storageProblem.value).toBe("full");
    await closeOpen("nothing");
    expect(storageProblem.value).toBe("full");
    isFull = false;
    await closeOpen("nothing");
    expect(storageProblem.value).toBeNull();
  });
});

/** As if the page had been killed: its memory is lost. */
async function killed(): Promise<void> {
  stopOutbox();
  await quiet();
  vi.resetModules();
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"], now: NOON });
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
  [ID, LATER] = [uuid(), uuid()];
  isFull = false;
  IDBObjectStore.prototype.put = function (...args) {
    return isFull ? refuse() : put.apply(this, args);
  };
  IDBObjectStore.prototype.add = function (...args) {
    return isFull ? refuse() : add.apply(this, args);
  };
  loggedOut.value = false;
  setAccount("u1");
});
afterEach(async () => {
  isFull = false;
  stopOutbox();
  await quiet();
  Object.assign(IDBObjectStore.prototype, { put, add });
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("with no room left on the device", () => {
  it("a report is sent once, and what has arrived makes room", async () => {
    await keep(report());
    isFull = true;
    const calls = service();
    await startOutbox("u1");
    await until(() => calls.length === 3);
    await pass(10 * MINUTE);
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `PUT /issues/${ID}`,
      "POST /uploads",
      `PUT /issues/${ID}`,
    ]);
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it("what has arrived stays in the list of records where its own bytes made room enough", async () => {
    await keep(report());
    isFull = true;
    service();
    // There is space as soon as something is deleted.
    const { delete: remove } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.delete = function (...args) {
      isFull = isFull && this.name !== "chunks";
      return remove.apply(this, args);
    };
    await startOutbox("u1");
    await until(() => entries.value[0]?.state === "delivered");
    IDBObjectStore.prototype.delete = remove;
    await quiet();
    expect(await readEntry(ID)).toMatchObject({ state: "delivered", receipt: { state: "submitted" }, photos: [] });
    expect(await counts()).toEqual([1, 0, 0]);
  });

  it("a step has the same key however often it is sent, and growing pauses between", async () => {
    await keep(step(ID));
    isFull = true;
    let isLost = true;
    const calls = network(() =>
      isLost ? problem(503, "unavailable") : { body: { state: "rectifying", version: 5, number: null } },
    );
    await startOutbox("u1");
    await pass(MINUTE);
    // With growing pauses: 1 s, 2 s, 4 s, … as with free space.
    expect(calls.length).toBeGreaterThan(2);
    expect(calls.length).toBeLessThan(9);
    isLost = false;
    await pass(2 * MINUTE);
    expect(await counts()).toEqual([0, 0, 0]);
    expect(new Set(calls.map(({ headers }) => headers["Idempotency-Key"]))).toEqual(new Set([ID]));
  });

  it("what was tried is written down with the first that can be", async () => {
    await keep(report());
    isFull = true;
    network(({ path }) => (path.startsWith("/issues") ? held(["p1"]) : broken()));
    await startOutbox("u1");
    await until(() => (entries.value[0]?.attempts ?? 0) > 0);
    expect(await readEntry(ID)).toMatchObject({ state: "waiting", attempts: 0, isTried: false });
    isFull = false;
    await pass(MINUTE);
    const written = await readEntry(ID);
    expect(written).toMatchObject({ isTried: true, isReceived: true });
    expect(written?.attempts).toBeGreaterThan(1);
  });

  it("a fix goes behind its signing in, with the version that this one made", async () => {
    await keep(step(ID), step(LATER, { action: "report-fix", after: ID, createdAt: 1 }));
    isFull = true;
    const calls = network(() => ({ body: { state: "rectifying", version: 9, number: null } }));
    await startOutbox("u1");
    await until(() => calls.length === 2);
    await pass(10 * MINUTE);
    expect(calls.map(({ path, headers }) => [path, headers["If-Match"]])).toEqual([
      ["/issues/i1/actions/sign-in", '"4"'],
      ["/issues/i1/actions/report-fix", '"9"'],
    ]);
    expect(await counts()).toEqual([0, 0, 0]);
  });

  it("a step of an older app, whose key would have to be drawn, waits until that can be kept", async () => {
    const { key: _, ...old } = step("i1/sign-in");
    await keep(old as AnswerEntry, step(ID, { createdAt: 1, issueId: "i2" }));
    isFull = true;
    const calls = network(() => ({ body: { state: "rectifying", version: 5, number: null } }));
    await startOutbox("u1");
    await pass(MINUTE);
    expect(calls.map(({ path }) => path)).toEqual(["/issues/i2/actions/sign-in"]);
    isFull = false;
    await pass(MINUTE);
    expect((await readEntry("i1/sign-in"))?.state).toBe("delivered");
  });

  it("a report that may have arrived is looked up before it is changed, even if the page was killed", async () => {
    await keep(report());
    isFull = true;
    network(broken);
    await startOutbox("u1");
    await until(() => (entries.value[0]?.attempts ?? 0) > 0);
    await killed();
    isFull = false;
    const next = await import("../src/outbox/edit");
    const { setAccount: speakAgain } = await import("../src/api/request");
    speakAgain("u1");
    const calls = network(() => problem(404, "not-found"));
    expect(await next.edit(ID)).toBeNull();
    expect(calls[0]?.path).toBe(`/issues/${ID}`);
    const [draft] = await listDrafts("u1");
    expect(draft?.id).not.toBe(ID);
  });

  it("nothing that is being sent is taken back to be changed", async () => {
    await keep(report());
    isFull = true;
    let answer: (answer: Answered) => void = () => undefined;
    network(
      () =>
        new Promise<Answered>((resolve) => {
          answer = resolve;
        }),
    );
    await startOutbox("u1");
    await until(() => entries.value[0]?.state === "sending");
    isFull = false;
    const asked = edit(ID);
    await quiet();
    answer(held([]));
    expect(await asked).not.toBeNull();
    expect(await listDrafts("u1")).toEqual([]);
  });
});
