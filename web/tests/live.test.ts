// @vitest-environment happy-dom
// The screen is read again when the service reports a change, but not while somebody is using the pointer.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { get, loggedOut, reachable } from "../src/api/request";
import { refreshes } from "../src/session/foreground";
import { CHANGES_WAIT_SECONDS_MAX } from "../src/api/limits";
import { REST_MS, RETRY_MS, STILL_MS } from "../src/session/live";
import { session } from "../src/session/session";
import { broken, network, problem } from "./network";
import type { Answered, Asked } from "./network";

const signIn = (id: string, permissions = ["read-issue"], role = "unit") => {
  session.value = { user: { id, role }, unit: null, mustChangePassword: false, permissions } as never;
};
let isVisible = true;
Object.defineProperty(document, "visibilityState", {
  configurable: true,
  get: () => (isVisible ? "visible" : "hidden"),
});
const show = (is: boolean) => {
  isVisible = is;
  document.dispatchEvent(new Event("visibilitychange"));
};

/** Requests that wait at the service, each answered by the test. */
let waiting: ((answer: Answered) => void)[] = [];
let calls: Asked[] = [];
let first = 7;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
  vi.spyOn(Math, "random").mockReturnValue(0);
  isVisible = true;
  loggedOut.value = false;
  waiting = [];
  first = 7;
  calls = network((asked) =>
    asked.path === "/changes"
      ? { body: { seen: first } }
      : new Promise<Answered>((resolve) => {
          waiting.push(resolve);
        }),
  );
  dispatchEvent(new Event("pointermove"));
  await vi.advanceTimersByTimeAsync(STILL_MS);
});
afterEach(() => {
  session.value = null;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const seen = (number: number) => waiting.shift()?.({ body: { seen: number } });
const paths = () => calls.map((call) => call.path);

describe("what is on screen", () => {
  it("is asked for again when something changed", async () => {
    signIn("a");
    const before = refreshes.value;
    await pass(1);
    expect(paths()).toEqual(["/changes", `/changes?seen=7&wait=${CHANGES_WAIT_SECONDS_MAX}`]);
    seen(8);
    await pass(STILL_MS);
    expect(refreshes.value).toBe(before + 1);
    await pass(REST_MS);
    expect(paths()[2]).toBe(`/changes?seen=8&wait=${CHANGES_WAIT_SECONDS_MAX}`);
    seen(8);
    await pass(STILL_MS);
    expect(refreshes.value).toBe(before + 1);
  });

  it("is asked for once more at a desk, where what was read first may be older than the first number", async () => {
    const before = refreshes.value;
    signIn("desk", ["read-issue"], "office");
    await pass(1);
    expect(refreshes.value).toBe(before + 1);
    signIn("phone");
    await pass(1);
    expect(refreshes.value).toBe(before + 1);
  });

  it("is read without keeping the login alive once nobody has been there for a minute", async () => {
    const header = async () => {
      calls = network(() => ({ body: {} }));
      await get("/issues");
      return calls[0]?.headers["Anfang-Unattended"];
    };
    expect(await header()).toBe(undefined);
    await pass(61_000);
    expect(await header()).toBe("?1");
    dispatchEvent(new Event("keydown"));
    expect(await header()).toBe(undefined);
  });

  it("stays where it is while a hand moves", async () => {
    signIn("b");
    const before = refreshes.value;
    await pass(1);
    dispatchEvent(new Event("pointermove"));
    seen(8);
    for (let moved = 0; moved < 5; moved += 1) {
      await pass(STILL_MS / 2);
      dispatchEvent(new Event("pointermove"));
    }
    expect(refreshes.value).toBe(before);
    await pass(STILL_MS);
    expect(refreshes.value).toBe(before + 1);
  });

  it("is not watched while nobody looks, and is compared with what was seen then", async () => {
    signIn("c");
    await pass(1);
    show(false);
    await pass(20_000);
    expect(paths()).toHaveLength(2);
    const before = refreshes.value;
    show(true);
    await pass(1);
    expect(paths()[2]).toBe(`/changes?seen=7&wait=${CHANGES_WAIT_SECONDS_MAX}`);
    waiting.splice(0, 1);
    seen(9);
    await pass(STILL_MS);
    expect(refreshes.value).toBe(before + 1);
  });

  it("is asked for less often where nothing is held back", async () => {
    signIn("d");
    await pass(1);
    for (let round = 0; round < 5; round += 1) {
      seen(7);
      await pass(REST_MS);
    }
    expect(paths()).toHaveLength(7);
  });

  it("is not watched for whoever reads no issues or is refused", async () => {
    signIn("e", []);
    await pass(60_000);
    expect(paths()).toEqual([]);
    signIn("f");
    await pass(1);
    waiting.shift()?.(problem(403, "forbidden"));
    await pass(120_000);
    expect(paths()).toHaveLength(2);
    expect(loggedOut.value).toBe(false);
  });

  it("says that the session has ended", async () => {
    signIn("g");
    await pass(1);
    waiting.shift()?.(problem(401, "not-signed-in"));
    await pass(120_000);
    expect(loggedOut.value).toBe(true);
    expect(paths()).toHaveLength(2);
  });
});

describe("a network that breaks", () => {
  it("is tried again after longer and longer, and nobody is told of it", async () => {
    calls = network(broken);
    reachable.value = true;
    signIn("h");
    await pass(1);
    expect(paths()).toHaveLength(1);
    await pass(RETRY_MS);
    expect(paths()).toHaveLength(2);
    await pass(RETRY_MS);
    expect(paths()).toHaveLength(2);
    await pass(RETRY_MS);
    expect(paths()).toHaveLength(3);
    expect(reachable.value).toBe(true);
  });
});
