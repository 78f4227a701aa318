// @vitest-environment happy-dom
// Decisions that are held back: sent once, in their order, whatever happens to the page, the network and the session.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loggedOut, reachable, setAccount } from "../src/api/request";
import type { OfficeIssue } from "../src/api/types";
import { readDraft } from "../src/office/decisionDrafts";
import { beginDecision } from "../src/office/decisions";
import {
  abandon,
  canUndo,
  dismiss,
  flush,
  held,
  hold,
  HOLD_MS,
  isPending,
  isStuck,
  lastDone,
  settled,
  undo,
  undoAll,
} from "../src/office/held";
import { failureOfHeld } from "../src/office/heldStore";
import { faultsLine } from "../src/office/refusedFields";
import "../src/office/words";
import { session } from "../src/session/session";
import "../src/texts/withForms";
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
const posts = (calls: Asked[]) => calls.filter(({ method }) => method === "POST");
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
    expect(settled.value.get("i1")).toMatchObject({ version: 4 });
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
    expect(posts(calls)).toHaveLength(1);
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
    const other = {
      ...one("i9"),
      id: "h9",
      group: "g",
      account: "o1",
      issueId: "i9",
      version: 3,
      place: "i9",
      isTried: false,
    };
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
    expect(posts(calls)).toEqual([]);
    // How the issue stands now is read, for the rows of this tab.
    expect(settled.value.get("i1")).toMatchObject({ version: 4 });
  });
});

describe("a service that fails over one decision", () => {
  const failing = (status: number) => (asked: Asked) =>
    asked.path.includes("/i1/actions") ? problem(status, status === 503 ? "unavailable" : "internal") : taken(asked);

  it("still gets the others", async () => {
    const calls = network(failing(500));
    hold([one("i1")]);
    hold([one("i2")]);
    await passes(HOLD_MS + 10);
    expect(posts(calls).map(({ path }) => path)).toEqual(["/issues/i1/actions/fail", "/issues/i2/actions/fail"]);
    expect(held.value.map(({ issueId }) => issueId)).toEqual(["i1"]);
  });

  it("and says that it is busy gets nothing more for a while", async () => {
    const calls = network(failing(503));
    hold([one("i1")]);
    hold([one("i2")]);
    await passes(HOLD_MS + 10);
    expect(calls).toHaveLength(1);
  });

  it("is asked how the issue stands when its person gives up, and what was filled in is kept", async () => {
    const calls = network(failing(500));
    hold([one("i1", "角落没有清理")]);
    await passes(HOLD_MS + 10);
    expect(held.value.some(isStuck)).toBe(false);
    await passes(10_000);
    const [stuck] = held.value;
    if (!stuck) throw new Error("it is gone");
    expect([isStuck(stuck), stuck.trouble?.code]).toEqual([true, "internal"]);
    await abandon(stuck);
    expect(calls.at(-1)).toMatchObject({ method: "GET", path: "/issues/i1" });
    expect([held.value, stored()]).toEqual([[], []]);
    expect(readDraft("i1")?.fields.text).toBe("角落没有清理");
    const sent = posts(calls).length;
    await passes(120_000);
    expect(posts(calls)).toHaveLength(sent);
  });

  it("and cannot be asked lets nobody give up", async () => {
    network(({ method }) => (method === "GET" ? broken() : problem(500, "internal")));
    hold([one("i1")]);
    await passes(20_000);
    const [stuck] = held.value;
    if (!stuck) throw new Error("it is gone");
    await expect(abandon(stuck)).rejects.toMatchObject({ code: "offline" });
    expect(held.value).toHaveLength(1);
  });
});

describe("signing out", () => {
  it("says how many are left, and takes back those that were never sent", async () => {
    network(broken);
    hold([one("i1", "一"), one("i2", "二")]);
    const left = flush();
    await passes(5_000);
    expect(await left).toBe(2);
    expect(undoAll().map(({ issueId }) => issueId)).toEqual(["i2"]);
    expect(readDraft("i2")?.fields.text).toBe("二");
    expect(stored()).toHaveLength(1);
  });

  it("with an ended session says it at once", async () => {
    network(broken);
    hold([one("i1")]);
    loggedOut.value = true;
    expect(await flush()).toBe(1);
  });
});

describe("an answer that comes when somebody else has signed in", () => {
  const late = async (answer: Answered) => {
    let come: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => {
      come = resolve;
    });
    network(async ({ method }) => {
      if (method === "POST") await waits;
      return method === "POST" ? answer : { body: { id: "i1", version: 4 } };
    });
    hold([one("i1", "只给本人看")]);
    await passes(HOLD_MS);
    signedIn("o2");
    await passes(1);
    come();
    await passes(10);
  };

  it("is not shown to them, nor what was written", async () => {
    await late(problem(409, "stale-version"));
    expect(held.value).toEqual([]);
    expect(readDraft("i1")).toBeNull();
    expect(stored().every((name) => name.startsWith("held/o1/"))).toBe(true);
    signedIn("o1");
    await passes(1);
    expect(held.value).toMatchObject([{ issueId: "i1", refusal: { code: "stale-version" } }]);
    expect(readDraft("i1")?.fields.text).toBe("只给本人看");
  });

  it("is no decision of theirs", async () => {
    await late({ body: { id: "i1", version: 4 } });
    expect([lastDone.value, settled.value.size, stored()]).toEqual([null, 0, []]);
  });

  it("and what was done before is not said to them either", async () => {
    network(taken);
    hold([one("i1")]);
    await passes(HOLD_MS + 10);
    expect(lastDone.value).toMatchObject({ issueId: "i1" });
    signedIn("o2");
    await passes(1);
    expect(lastDone.value).toBeNull();
  });
});

it("keeps which fields were at fault, and how the issue stands since", async () => {
  const errors = [{ pointer: "/due", code: "out-of-range", detail: "not before now" }];
  const refused = { type: "about:blank", title: "x", status: 422, code: "invalid-fields", request_id: "r1", errors };
  network(({ method }) => (method === "POST" ? { status: 422, body: refused } : { body: { id: "i1", version: 9 } }));
  hold([one("i1")]);
  await passes(HOLD_MS + 10);
  const [held1] = held.value;
  if (!held1) throw new Error("it is gone");
  const failure = failureOfHeld(held1);
  expect(failure && faultsLine(failure)).toBe("整改时限：超出范围");
  expect(settled.value.get("i1")).toMatchObject({ version: 9 });
});
