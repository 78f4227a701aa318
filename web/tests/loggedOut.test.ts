// @vitest-environment happy-dom
// A logout is completed even if the page was closed halfway.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openSession, session } from "../src/session/session";
import { readMeta, writeMeta } from "../src/store/cache";
import { closeDatabase } from "../src/store/database";
import { network, problem } from "./network";

const saved = { user: { id: "u1", role: "leader" }, unit: null, mustChangePassword: false, permissions: [] };

beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  session.value = undefined;
});
afterEach(() => {
  session.value = null;
  vi.unstubAllGlobals();
});

describe("a page that was closed while it logged out", () => {
  for (const leaving of ["u1", true])
    it(`shows the login page, with ${String(leaving)} as the account that leaves`, async () => {
      const calls = network(() => problem(401, "not-signed-in"));
      await writeMeta("session", saved);
      await writeMeta("signing-out", leaving);
      await openSession();
      expect(session.value).toBeNull();
      expect(calls.map((call) => `${call.method} ${call.path}`)).toEqual(["DELETE /sessions/current", "GET /me"]);
      expect(await readMeta("signing-out")).toBeNull();
      expect(await readMeta("session")).toBeNull();
    });

  it("does not log out the account that logged in after it", async () => {
    network(() => problem(503, "unavailable"));
    await writeMeta("session", saved);
    await writeMeta("signing-out", "u2");
    await openSession();
    expect(session.value).toEqual(saved);
  });
});
