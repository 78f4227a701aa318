// @vitest-environment happy-dom
// Decisions that are held back: sent once, in their order, whatever happens to the page, the network and the session.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loggedOut, reachable, setAccount } from "../src/api/request";
import type { OfficeIssue } from "../src/api/types";
import { readDraft } from "../src/office/decisionDrafts";
import { beginDecision } from "../src/office/decisions";
import { canUndo, dismiss, flush, held, hold, HOLD_MS, isPending, settled, undo } from "../src/office/held";
import { session } from "../src/session/session";
import { broken, network, problem } from "./network";
import type { Answered, Asked } from "./network";

const signedIn = (id: string) => {
  setAccount(id);
  session.value = { user: { id, role: "office" }, unit: null, mustChangePassword: false, permissions: [] } as never;
};
const issue = (id: string, version = 3): OfficeIssue =>
  ({ id, version, severity: "low", unit_id: "u", returns: [], requests: [], point: { name: id } }) as never;
const one = (id: string, text = "") => {
  const fields = { ...beginDecision(issue(id), undefined), text };
  return { issue: issue(id), action: "fail" as const, body: { reason: text }, fields, queue: "check" as const };
};
const taken = ({ path }: Asked): Answered => ({ body: { id: path.split("/")[2], version: 4 } });
const stored = () => Object.keys(localStorage).filter((name) => name.startsWith("held/"));
const passes = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms);
};

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  localStorage.clear();
  reachable.value = true;
  loggedOut.value = false;
  signedIn("o1");
  await passes(1);
});
afterEach(async () => {
  session.value = null;
  await passes(1);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a decision", () => {
  it("is sent after its time, and not before", async () => {
    const calls = network(taken);
    hold([one("i1")]);
    await passes(HOLD_MS - 1);
    expect(calls).toEqual([]);
    await passes(1);
    expect(calls.map(({ path, headers }) => [path, headers["If-Match"]])).toEqual([["/issues/i1/actions/fail", '"3"']]);
    expect(calls[0]?.headers["Anfang-Account"]).toBe("o1");
    expect(held.value).toEqual([]);
    expect(settled.value.get("i1")).toBe(4);
    expect(stored()).toEqual([]);
  });

  it("that is taken back is never sent, and what was filled in is there again", async () => {
    const calls = network(taken);
    hold([one("i1", "一")]);
    await passes(1_000);
    hold([one("i2", "二")]);
    expect(undo().map(({ issueId }) => issueId)).toEqual(["i2"]);
    await passes(HOLD_MS);
    expect(calls.map(({ path }) => path)).toEqual(["/issues/i1/actions/fail"]);
    expect(readDraft("i2")).toMatchObject({ action: "fail", version: 3, fields: { text: "二" } });
    expect(readDraft("i1")).toBeNull();
    // One that was sent cannot be taken back.
    expect(undo()).toEqual([]);
  });

  it("of many is taken back with the others, and sent one after the other", async () => {
    const calls = network(taken);
    hold([one("i1"), one("i2")]);
    expect(undo()).toHaveLength(2);
    hold([one("i3"), one("i4")]);
    await passes(HOLD_MS);
    expect(calls.map(({ path }) => path)).toEqual(["/issues/i3/actions/fail", "/issues/i4/actions/fail"]);
  });

  it("without an answer is sent again under the same key, and can no longer be taken back", async () => {
    let isBroken = true;
    const calls = network((asked) => (isBroken ? broken() : taken(asked)));
    hold([one("i1")]);
    await passes(HOLD_MS);
    expect(calls).toHaveLength(1);
    expect(held.value.map(canUndo)).toEqual([false]);
    expect(undo()).toEqual([]);
    await passes(1_000);
    expect(calls.length).toBeGreaterThan(1);
    isBroken = false;
    reachable.value = true;
    await passes(10_000);
    expect(new Set(calls.map(({ headers }) => headers["Idempotency-Key"])).size).toBe(1);
    expect(held.value).toEqual([]);
  });

  it("that is refused says why, keeps what was filled in, and is not sent again", async () => {
    const calls = network(() => problem(409, "stale-version"));
    hold([one("i1", "角落没有清理")]);
    await passes(HOLD_MS);
    expect(held.value).toMatchObject([{ issueId: "i1", refusal: { code: "stale-version" } }]);
    expect(held.value.some(isPending)).toBe(false);
    await passes(120_000);
    expect(calls).toHaveLength(1);
    expect(readDraft("i1")?.fields.text).toBe("角落没有清理");
    dismiss(held.value[0]?.id ?? "");
    expect([held.value, stored()]).toEqual([[], []]);
  });

  it("waits through an ended session, for its own person, and is sent when they are back", async () => {
    let isOut = true;
    const calls = network((asked) => (isOut ? problem(401, "not-signed-in") : taken(asked)));
    hold([one("i1")]);
    await passes(HOLD_MS);
    expect(loggedOut.value).toBe(true);
    await passes(300_000);
    expect(calls).toHaveLength(1);
    isOut = false;
    signedIn("o2");
    loggedOut.value = false;
    await passes(60_000);
    expect(calls).toHaveLength(1);
    expect(held.value).toEqual([]);
    signedIn("o1");
    await passes(60_000);
    expect(calls.slice(1).map(({ headers }) => headers["Anfang-Account"])).toEqual(["o1"]);
    expect(new Set(calls.map(({ headers }) => headers["Idempotency-Key"])).size).toBe(1);
  });
});

describe("a page that closes", () => {
  it("sends what is held back without waiting, and the next page sends it again under the same key", async () => {
    const calls = network(broken);
    hold([one("i1")]);
    dispatchEvent(new Event("pagehide"));
    await passes(1);
    expect(calls).toHaveLength(1);
    expect(stored()).toHaveLength(1);
    // The next page: nothing is known but what is stored.
    session.value = null;
    await passes(1);
    network((asked) => {
      calls.push(asked);
      return taken(asked);
    });
    signedIn("o1");
    await passes(60_000);
    expect(new Set(calls.map(({ headers }) => headers["Idempotency-Key"])).size).toBe(1);
    expect(stored()).toEqual([]);
  });

  it("by signing out sends it first", async () => {
    const calls = network(taken);
    hold([one("i1"), one("i2")]);
    const left = flush();
    await passes(100);
    await left;
    expect(calls).toHaveLength(2);
    expect(stored()).toEqual([]);
  });
});

describe("another tab of the same person", () => {
  const tell = (id: string, value: string | null) =>
    dispatchEvent(new StorageEvent("storage", { key: `held/o1/${id}`, newValue: value }));

  it("shows what is held back here, and sends it only where this one does not", async () => {
    const calls = network(taken);
    const other = { ...one("i9"), id: "h9", group: "g", issueId: "i9", version: 3, place: "i9", isTried: false };
    const text = JSON.stringify({
      ...other,
      issue: undefined,
      tab: "other",
      sendAt: Date.now() + 5_000,
      refusal: null,
    });
    localStorage.setItem("held/o1/h9", text);
    tell("h9", text);
    expect(held.value.map(({ issueId }) => issueId)).toEqual(["i9"]);
    await passes(6_000);
    expect(calls).toEqual([]);
    await passes(6_000);
    expect(calls.map(({ headers }) => headers["Idempotency-Key"])).toEqual(["h9"]);
  });

  it("that takes it back is heard here", async () => {
    const calls = network(taken);
    hold([one("i1")]);
    const [{ id } = { id: "" }] = held.value;
    localStorage.removeItem(`held/o1/${id}`);
    tell(id, null);
    expect(held.value).toEqual([]);
    await passes(60_000);
    expect(calls).toEqual([]);
  });
});
