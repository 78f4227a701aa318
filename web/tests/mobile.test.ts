// Originals on Wi-Fi only, in the queue: mobile data carry the report once, and nothing again until Wi-Fi is there.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { loggedOut, setAccount } from "../src/api/request";
// Loaded on demand in the app; here at once.
import "../src/outbox/lease";
import { startOutbox, startSendTriggers, stopOutbox } from "../src/outbox/drain";
import { isWifiOnly } from "../src/session/preferences";
import { closeDatabase, withDatabase } from "../src/store/database";
import { readEntry } from "../src/store/outbox";
import { network, quiet } from "./network";
import { reportEntry } from "./records";

const connection = Object.assign(new EventTarget(), { type: "cellular" });
Object.defineProperty(navigator, "connection", { value: connection, configurable: true });
const change = (type: string) => {
  connection.type = type;
  connection.dispatchEvent(new Event("change"));
};
/** Ten minutes, more than the longest pause before the queue looks again. */
async function pass(): Promise<void> {
  for (let second = 0; second < 600; second += 10) {
    await vi.advanceTimersByTimeAsync(10_000);
    await quiet();
  }
}

startSendTriggers();
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  loggedOut.value = false;
  setAccount("u1");
});
afterEach(async () => {
  stopOutbox();
  await quiet();
  isWifiOnly.value = false;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("a report goes by mobile data once, and on with its photos as Wi-Fi comes", async () => {
  isWifiOnly.value = true;
  change("cellular");
  let missing = ["p1", "p2"];
  const calls = network(() => ({ body: { state: "receiving", version: 1, number: null, missing_photos: missing } }));
  await withDatabase((db) => db.put("outbox", reportEntry()));
  await startOutbox("u1");
  await quiet();
  expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(["PUT /issues/i1"]);
  expect(await readEntry("i1")).toMatchObject({ state: "waiting", isReceived: true, setback: null });
  await pass();
  // Nor does the queue look again by itself, or whoever looks at the app make it ask.
  expect(vi.getTimerCount()).toBe(0);
  document.dispatchEvent(new Event("visibilitychange"));
  await quiet();
  expect(calls).toHaveLength(1);
  // So that no photo has to be sent here.
  missing = [];
  change("wifi");
  await quiet();
  expect(calls).toHaveLength(2);
  expect((await readEntry("i1"))?.state).toBe("delivered");
});
