import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loggedOut, setAccount } from "../src/api/request";
// Loaded on demand in the app; here at once.
import "../src/outbox/inPieces";
import "../src/outbox/lease";
import "../src/outbox/refusal";
import { drain, entries, sendNow, startOutbox, stopOutbox, startSendTriggers } from "../src/outbox/drain";
import type { AnswerEntry, OutboxEntry } from "../src/outbox/entry";
import { stepKey } from "../src/session/uuid";
import { closeDatabase, withDatabase } from "../src/store/database";
import { takeLease } from "../src/store/lease";
import { readEntry } from "../src/store/outbox";
import { broken, network, problem, quiet, until } from "./network";
import type { Answered, Asked } from "./network";
import { answerEntry, photoRef, reportEntry } from "./records";

const NOON = Date.parse("2026-08-03T04:00:00Z");
const MINUTE = 60_000;
const step = (id: string, change: Partial<AnswerEntry> = {}): AnswerEntry => ({
  ...answerEntry(),
  id,
  issueId: `issue-${id}`,
  action: "sign-in",
  body: {},
  photos: [],
  key: `key-${id}`,
  ...change,
});
const put = (...all: OutboxEntry[]) =>
  withDatabase(async (db) => {
    for (const entry of all) await db.put("outbox", entry);
  });
const stateOf = async (id: string) => (await readEntry(id))?.state;
const issue = { body: { state: "rectifying", version: 5, number: null } };
/** Advances the clock and waits for the effects. */
async function pass(ms: number): Promise<void> {
  await quiet();
  const slice = Math.max(1_000, ms / 60);
  for (let passed = 0; passed < ms; passed += slice) {
    await vi.advanceTimersByTimeAsync(Math.min(slice, ms - passed));
    await quiet();
  }
}

startSendTriggers();
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"], now: NOON });
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  loggedOut.value = false;
  setAccount("u1");
});
afterEach(async () => {
  stopOutbox();
  await quiet();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("what the queue sends", () => {
  it("says whose it is and which step, with a key that is on the disk before", async () => {
    const { key: _, ...old } = step("old");
    await put(step("a"), old as AnswerEntry);
    const seen: unknown[] = [];
    const calls = network(async ({ path, headers }) => {
      const id = path.includes("issue-old") ? "old" : "a";
      seen.push([id, headers["Idempotency-Key"] === ((await readEntry(id)) as AnswerEntry).key]);
      return issue;
    });
    await startOutbox("u1");
    await until(async () => (await stateOf("old")) === "delivered" && (await stateOf("a")) === "delivered");
    expect(seen).toEqual([
      ["a", true],
      ["old", true],
    ]);
    expect(calls.map(({ headers }) => headers["Anfang-Account"])).toEqual(["u1", "u1"]);
    expect(calls[0]?.headers["Idempotency-Key"]).toBe("key-a");
    expect(calls[1]?.headers["Idempotency-Key"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("has the same key again after its answer was lost, and after the clock was waited for", async () => {
    const { key: _, ...old } = step("old");
    await put(old as AnswerEntry);
    let isLost = true;
    const calls = network(() => (isLost ? broken() : issue));
    await startOutbox("u1");
    await until(async () => (await readEntry("old"))?.attempts === 1);
    isLost = false;
    await pass(MINUTE);
    expect(await stateOf("old")).toBe("delivered");
    expect(new Set(calls.map(({ headers }) => headers["Idempotency-Key"])).size).toBe(1);
    expect(calls).toHaveLength(2);
  });

  it("is only what belongs to whoever is signed in", async () => {
    await put(step("a"), step("b", { userId: "u2" }));
    const calls = network(() => issue);
    await startOutbox("u2");
    await until(async () => (await stateOf("b")) === "delivered");
    await pass(10 * MINUTE);
    expect(calls.map(({ path, headers }) => [path, headers["Anfang-Account"]])).toEqual([
      ["/issues/issue-b/actions/sign-in", "u2"],
    ]);
    expect(entries.value.map(({ id }) => id)).toEqual(["b"]);
    expect(await stateOf("a")).toBe("waiting");
  });
});

describe("the key of a step", () => {
  it("is the record's own id, as in files of unsent records, and drawn where that is none", () => {
    const id = "0b7d2c1e-94f3-4a6b-8c55-1f2e3d4c5b6a";
    expect(stepKey(id)).toBe(id);
    expect(stepKey("i1/sign-in")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  });
});

describe("the queue's end", () => {
  it.each([
    [401, "not-signed-in"],
    [403, "password-change-required"],
    [409, "other-account"],
  ])("at %i %s is the last request, and every record is kept", async (status, code) => {
    await put(...["a", "b", "c", "d", "e"].map((id) => step(id)));
    let answer: Answered = problem(status, code);
    const calls = network(() => answer);
    await startOutbox("u1");
    await until(() => calls.length > 0);
    await pass(30 * MINUTE);
    document.dispatchEvent(new Event("visibilitychange"));
    dispatchEvent(new Event("online"));
    await pass(30 * MINUTE);
    expect(calls).toHaveLength(1);
    expect(entries.value.map(({ state, attempts }) => [state, attempts])).toEqual(
      Array.from({ length: 5 }, () => ["waiting", 0]),
    );
    // A login starts sending again.
    answer = issue;
    loggedOut.value = false;
    await startOutbox("u1");
    await until(() => entries.value.every(({ state }) => state === "delivered"));
    expect(calls).toHaveLength(6);
  });

  it("comes with a proxy's 401 or 409 only until the next try: it ends no session", async () => {
    await put(step("a"));
    const answers: Answered[] = [{ status: 401 }, { status: 409, body: { error: "blocked" } }, issue];
    const calls = network(() => answers.shift() ?? issue);
    await startOutbox("u1");
    await until(() => calls.length > 0);
    await pass(MINUTE);
    expect(loggedOut.value).toBe(false);
    expect(await stateOf("a")).toBe("delivered");
  });

  it("is heard of only by whoever it concerns: a late refusal of the one before signs nobody out", async () => {
    await put(step("a"), step("b", { userId: "u2" }));
    let refuse: (answer: Answered) => void = () => undefined;
    network(({ path }) =>
      path.includes("issue-a")
        ? new Promise<Answered>((resolve) => {
            refuse = resolve;
          })
        : issue,
    );
    await startOutbox("u1");
    await until(async () => (await stateOf("a")) === "sending");
    await quiet();
    stopOutbox();
    setAccount("u2");
    await startOutbox("u2");
    refuse(problem(409, "other-account"));
    await pass(MINUTE);
    expect(loggedOut.value).toBe(false);
    expect([await stateOf("a"), await stateOf("b")]).toEqual(["waiting", "delivered"]);
  });
});

describe("a record that was taken back to be changed", () => {
  it("is not sent by whoever was about to", async () => {
    await put(step("a"), step("b", { createdAt: 1 }));
    const calls = network(async ({ path }) => {
      if (path.includes("issue-a")) await withDatabase((db) => db.delete("outbox", "b"));
      return issue;
    });
    await startOutbox("u1");
    await until(async () => (await stateOf("a")) === "delivered");
    await pass(MINUTE);
    expect(calls.map(({ path }) => path)).toEqual(["/issues/issue-a/actions/sign-in"]);
  });
});

/** The browser's locks: one holder for each name. */
function locks() {
  const held = new Set<string>();
  return {
    held,
    request: async (name: string, _: object, work: (lock: object | null) => unknown) => {
      if (held.has(name)) return work(null);
      held.add(name);
      try {
        return await work({ name });
      } finally {
        held.delete(name);
      }
    },
  };
}

describe("the turn to send", () => {
  it("without the browser's locks is a lease: another page's is waited for, and no longer than it lasts", async () => {
    await put(step("a"));
    await takeLease("outbox", "another page", NOON);
    const calls = network(() => issue);
    await startOutbox("u1");
    await pass(29_000);
    expect(calls).toHaveLength(0);
    await pass(10_000);
    expect(await stateOf("a")).toBe("delivered");
    // Released at once: the next page need not wait.
    expect(await takeLease("outbox", "another page", Date.now())).toBe(true);
  });

  it("is kept while a long photo is on its way", async () => {
    await put(step("a"));
    let answer: (answer: Answered) => void = () => undefined;
    network(
      () =>
        new Promise<Answered>((resolve) => {
          answer = resolve;
        }),
    );
    await startOutbox("u1");
    await until(async () => (await stateOf("a")) === "sending");
    for (let at = 0; at < 15; at += 1) await pass(1_000);
    // The call gives up after 20 s; the lease, taken for 30, was renewed meanwhile.
    const lease = (await withDatabase((db) => db.get("meta", "lease/outbox"))) as { until: number };
    expect(lease.until - NOON).toBeGreaterThan(35_000);
    answer(issue);
  });

  it("once lost is not worked on: what is left is the other page's", async () => {
    const photos = [photoRef("p1"), photoRef("p2")];
    await put({ ...reportEntry("r"), photos, isTried: false });
    await withDatabase(async (db) => {
      for (const { id } of photos) {
        await db.put("photos", {
          id,
          ownerId: "r",
          type: "image/jpeg",
          sizeBytes: 3,
          chunkCount: 1,
          sha256: null,
          capturedAt: "",
          preview: null,
        });
        await db.put("chunks", new ArrayBuffer(3), [id, 0]);
      }
    });
    const calls = network(async ({ path }): Promise<Answered> => {
      if (path.startsWith("/issues"))
        return {
          body: {
            missing_photos: ["p1", "p2"],
            state: "receiving",
            version: 1,
            number: null,
            submitted_at: null,
            received_at: "",
          },
        };
      // While the first record is sent, this page is frozen, and another takes over.
      await withDatabase((db) =>
        db.put("meta", { holder: "another page", until: Date.now() + 30_000 }, "lease/outbox"),
      );
      return { status: 201, headers: { "Upload-Offset": "3" } };
    });
    await startOutbox("u1");
    await until(() => calls.length === 2);
    await quiet();
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(["PUT /issues/r", "POST /uploads"]);
    expect(calls.map(({ headers }) => headers["Anfang-Account"])).toEqual(["u1", "u1"]);
    expect(await readEntry("r")).toMatchObject({ state: "sending", sentPhotos: ["p1"], isReceived: true });
  });

  it("with the browser's locks is one page's, and given up when the page is left or put to sleep", async () => {
    for (const [target, name] of [
      [window, "pagehide"],
      [document, "freeze"],
    ] as const) {
      const there = locks();
      vi.stubGlobal("navigator", Object.create(navigator, { locks: { value: there } }) as Navigator);
      await put(step("a"));
      let answer: (answer: Answered) => void = () => undefined;
      const calls = network(
        () =>
          new Promise<Answered>((resolve) => {
            answer = resolve;
          }),
      );
      await startOutbox("u1");
      await until(() => calls.length === 1);
      expect(there.held.has("outbox")).toBe(true);
      target.dispatchEvent(new Event(name));
      await quiet();
      expect(there.held.has("outbox")).toBe(false);
      // After waking up it goes on when the interrupted work has ended.
      answer(issue);
      await pass(5_000);
      expect(await stateOf("a")).toBe("delivered");
      stopOutbox();
      await withDatabase((db) => db.delete("outbox", "a"));
    }
  });

  it("sends again, and shows what other pages sent, when it comes back from the browser's cache", async () => {
    await put(step("a"), step("b", { nextAt: NOON + 10 * MINUTE }));
    await takeLease("outbox", "another page", NOON);
    const calls = network(() => issue);
    await startOutbox("u1");
    await quiet();
    // While it was frozen, the other page has sent one and is gone.
    await put({ ...step("a"), state: "delivered" });
    await withDatabase((db) => db.delete("meta", "lease/outbox"));
    vi.setSystemTime(NOON + 11 * MINUTE);
    dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    await until(() => calls.length === 1);
    await until(() => entries.value.every(({ state }) => state === "delivered"));
    expect(calls.map(({ path }) => path)).toEqual(["/issues/issue-b/actions/sign-in"]);
  });

  it("that another page has is not taken, whoever asks", async () => {
    const there = locks();
    there.held.add("outbox");
    vi.stubGlobal("navigator", Object.create(navigator, { locks: { value: there } }) as Navigator);
    await put(step("a"));
    const calls = network(() => issue);
    await startOutbox("u1");
    await Promise.all([drain(), drain(), sendNow(["a"])]);
    await pass(MINUTE);
    expect(calls).toHaveLength(0);
    there.held.clear();
    await pass(MINUTE);
    expect(await stateOf("a")).toBe("delivered");
  });

  it("is taken once, however many ask at the same time", async () => {
    await put(step("a"));
    const calls: Asked[] = network(() => issue);
    await startOutbox("u1");
    await Promise.all([drain(), drain(), sendNow(["a"])]);
    await pass(MINUTE);
    expect(calls).toHaveLength(1);
  });
});
