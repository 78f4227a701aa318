// Sending a photo when the service no longer has the module that sends it in pieces, as after an update.
import "fake-indexeddb/auto";
import { afterEach, expect, it, vi } from "vitest";
import { setAccount } from "../src/api/request";
import { startOutbox, stopOutbox } from "../src/outbox/drain";
import { withDatabase } from "../src/store/database";
import { readEntry } from "../src/store/outbox";
import { network, quiet, until } from "./network";
import { photoRef, reportEntry } from "./records";

vi.mock("../src/outbox/inPieces", () => {
  throw new TypeError("Failed to fetch dynamically imported module");
});
afterEach(async () => {
  stopOutbox();
  await quiet();
  vi.unstubAllGlobals();
});

it("goes in one request", async () => {
  setAccount("u1");
  await withDatabase(async (db) => {
    await db.put("outbox", { ...reportEntry(), photos: [photoRef("p1")] });
    const photo = { id: "p1", ownerId: "i1", type: "image/jpeg", sizeBytes: 3, chunkCount: 1 };
    await db.put("photos", { ...photo, sha256: null, capturedAt: "", preview: null });
    await db.put("chunks", Uint8Array.of(1, 2, 3).buffer, ["p1", 0]);
  });
  let missing = ["p1"];
  const calls = network(({ path }) => {
    if (path === "/photos/p1") missing = [];
    return { body: { missing_photos: missing, state: "receiving", version: 1, number: null, received_at: "" } };
  });
  await startOutbox("u1");
  await until(async () => (await readEntry("i1"))?.state === "delivered");
  const whole = calls.filter(({ path }) => path === "/photos/p1");
  expect(whole.map(({ method, headers }) => [method, headers["Content-Type"], headers["Anfang-Account"]])).toEqual([
    ["PUT", "image/jpeg", "u1"],
  ]);
  expect(whole[0]?.body).toHaveProperty("size", 3);
});
