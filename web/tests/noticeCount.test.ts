// @vitest-environment happy-dom
// When the number of unread notices is requested, and when it is not.
import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loggedOut, reachable } from "../src/api/request";
import { LOOK_MS, noteUnread, SETTLE_MS } from "../src/notices/count";
import { deliveries } from "../src/outbox/drain";
import { refreshes } from "../src/session/foreground";
import { session } from "../src/session/session";
import { badgeText, unread } from "../src/session/unread";
import { network, problem } from "./network";
import type { Answered, Asked } from "./network";

const signIn = (id: string, change: object = {}) => {
  session.value = {
    user: { id, role: "unit" },
    unit: null,
    mustChangePassword: false,
    permissions: ["read-notices"],
    ...change,
  } as never;
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

let calls: Asked[] = [];
let answer: () => Answered | Promise<Answered>;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  isVisible = true;
  loggedOut.value = false;
  reachable.value = true;
  answer = () => ({ body: { unread: 3 } });
  calls = network(() => answer());
});
afterEach(() => {
  session.value = null;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
/** Time passes, and what is under way arrives. */
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("unread notices are counted", () => {
  it("as somebody signs in, and every minute", async () => {
    signIn("u1");
    await pass(1);
    expect(calls.map((call) => [call.method, call.path])).toEqual([["GET", "/notices/count"]]);
    expect(unread.value).toBe(3);
    await pass(LOOK_MS - 2);
    expect(calls).toHaveLength(1);
    answer = () => ({ body: { unread: 4 } });
    await pass(2);
    expect([calls.length, unread.value]).toEqual([2, 4]);
    await pass(10 * LOOK_MS);
    expect(calls).toHaveLength(12);
  });

  it("not while the app is hidden, and at once after a minute of that", async () => {
    signIn("u1");
    await pass(20_000);
    show(false);
    await pass(5 * LOOK_MS);
    expect(calls).toHaveLength(1);
    show(true);
    await pass(1);
    expect(calls).toHaveLength(2);
    // A look at a message does not count as coming back.
    await pass(10_000);
    show(false);
    await pass(5_000);
    show(true);
    await pass(LOOK_MS - 15_000 - 2);
    expect(calls).toHaveLength(2);
    await pass(2);
    expect(calls).toHaveLength(3);
  });

  it("not before somebody looks who opened the app behind another window", async () => {
    isVisible = false;
    signIn("u1");
    await pass(LOOK_MS);
    expect(calls).toHaveLength(0);
    show(true);
    await pass(1);
    expect(calls).toHaveLength(1);
  });

  it("as somebody comes back, and once after several steps were delivered", async () => {
    signIn("u1");
    await pass(1);
    refreshes.value += 1;
    await pass(1);
    expect(calls).toHaveLength(2);
    for (let step = 0; step < 5; step += 1) {
      deliveries.value += 1;
      await pass(100);
    }
    expect(calls).toHaveLength(2);
    await pass(SETTLE_MS);
    expect(calls).toHaveLength(3);
  });

  it("never for roles that have none, nor before a password is changed", async () => {
    signIn("l1", { permissions: ["read-issue"] });
    deliveries.value += 1;
    refreshes.value += 1;
    await pass(3 * LOOK_MS);
    signIn("u1", { mustChangePassword: true });
    await pass(3 * LOOK_MS);
    expect(calls).toHaveLength(0);
  });

  it("never while nobody is signed in, and what was asked before is not shown then", async () => {
    let say: (said: Answered) => void = () => undefined;
    answer = () =>
      new Promise((resolve) => {
        say = resolve;
      });
    signIn("u1");
    await pass(1);
    session.value = null;
    say({ body: { unread: 7 } });
    deliveries.value += 1;
    refreshes.value += 1;
    show(false);
    show(true);
    await pass(5 * LOOK_MS);
    expect([calls.length, unread.value]).toEqual([1, 0]);
  });

  it("no more once the session has ended, and again when the same person has signed in", async () => {
    signIn("u1");
    await pass(1);
    answer = () => problem(401, "not-signed-in");
    await pass(LOOK_MS);
    expect([calls.length, unread.value, loggedOut.value]).toEqual([2, 0, true]);
    deliveries.value += 1;
    await pass(5 * LOOK_MS);
    expect(calls).toHaveLength(2);
    answer = () => ({ body: { unread: 1 } });
    loggedOut.value = false;
    await pass(1);
    expect([calls.length, unread.value]).toEqual([3, 1]);
  });

  it("no more every minute for an account that has another role by now", async () => {
    answer = () => problem(403, "forbidden");
    signIn("u1");
    await pass(5 * LOOK_MS);
    expect(calls).toHaveLength(1);
  });

  it("again as soon as the service is reached, and the last count stays meanwhile", async () => {
    signIn("u1");
    await pass(1);
    answer = () => {
      throw new TypeError("Failed to fetch");
    };
    await pass(LOOK_MS);
    expect([calls.length, unread.value, reachable.value]).toEqual([2, 3, false]);
    answer = () => ({ body: { unread: 5 } });
    reachable.value = true;
    await pass(1);
    expect([calls.length, unread.value]).toEqual([3, 5]);
  });

  it("and an older answer does not undo what the list has said since", async () => {
    let say: (said: Answered) => void = () => undefined;
    answer = () =>
      new Promise((resolve) => {
        say = resolve;
      });
    signIn("u1");
    await pass(1);
    noteUnread(0);
    say({ body: { unread: 3 } });
    await pass(1);
    expect(unread.value).toBe(0);
  });

  it("up to 99", () => {
    unread.value = 99;
    expect(badgeText(unread.value)).toBe("99");
    unread.value = 100;
    expect(badgeText(unread.value)).toBe("99+");
  });
});
