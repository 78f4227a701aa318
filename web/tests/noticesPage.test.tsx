// @vitest-environment happy-dom
// The list of notices: what it shows, and when it marks what was shown as read.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Notice, NoticePage } from "../src/api/types";
import { NoticesPage } from "../src/notices/NoticesPage";
import { unreadLeft } from "../src/notices/seen";
import { refreshes } from "../src/session/foreground";
import { session } from "../src/session/session";
import { unread } from "../src/session/unread";
import { closeDatabase } from "../src/store/database";
import { broken, network, problem, quiet } from "./network";
import type { Answered, Asked } from "./network";

const DAY = 24 * 3_600_000;
const NOON = Date.parse("2026-08-03T04:00:00Z");
let count = 0;
const notice = (change: Partial<Notice> = {}): Notice =>
  ({
    id: `n${++count}`,
    kind: "handed-over",
    at: new Date(NOON - count * 1_000).toISOString(),
    fineness: "exact",
    unread: false,
    issue: { id: `i${count}`, point: { name: "禾苑小区" }, item_code: "X-1", state: "assigned", due_at: null },
    ...change,
  }) as Notice;
const some = (howMany: number, change: Partial<Notice> = {}) => Array.from({ length: howMany }, () => notice(change));

let isVisible = true;
Object.defineProperty(document, "visibilityState", {
  configurable: true,
  get: () => (isVisible ? "visible" : "hidden"),
});
const show = (is: boolean) => {
  isVisible = is;
  document.dispatchEvent(new Event("visibilitychange"));
};

const signIn = (permissions: string[]) => {
  const user = { id: "u1", role: "unit" };
  session.value = { user, unit: null, mustChangePassword: false, permissions } as never;
};

let root: HTMLElement;
let calls: Asked[];
/** Pages by their cursor. */
let pages: Record<string, NoticePage>;
/** Changes the first page. */
const change = (how: Partial<NoticePage>) => {
  pages[""] = { items: [], next_cursor: null, through: 0, unread: 0, ...pages[""], ...how };
};
const first = () => pages[""]?.items ?? [];
let special: (asked: Asked) => Answered | undefined;
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  root = document.createElement("div");
  document.body.append(root);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "requestAnimationFrame", "cancelAnimationFrame"] });
  isVisible = true;
  special = () => undefined;
  vi.stubGlobal("scrollTo", () => undefined);
  calls = network((asked) => {
    const said = special(asked);
    if (said) return said;
    if (asked.path === "/notices/count") return { body: { unread: 0 } };
    if (asked.method === "PUT") return { status: 204 };
    if (asked.path.startsWith("/notices/kinds")) return { body: { "handed-over": true, "due-soon": true } };
    return { body: pages[new URLSearchParams(asked.path.split("?")[1]).get("cursor") ?? ""] };
  });
  signIn(["read-notices"]);
});
afterEach(async () => {
  render(null, root);
  root.remove();
  session.value = null;
  await quiet();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const draw = () => act(() => render(<NoticesPage />, root));
const leave = () => act(() => render(null, root));
const rows = () => [...root.querySelectorAll(".notice-row")];
const dots = () => root.querySelectorAll(".notice-new").length;
const marks = () => calls.filter((call) => call.path === "/notices/read").map((call) => call.body);
/** All that is under way has been done, frames included. */
async function settle(): Promise<void> {
  for (let round = 0; round < 4; round += 1)
    await act(async () => {
      await quiet();
      await vi.advanceTimersByTimeAsync(50);
    });
}

describe("what is shown", () => {
  it("is marked as read, and keeps its dots for the visit", async () => {
    pages = { "": { items: [...some(2, { unread: true }), ...some(1)], next_cursor: null, through: 12, unread: 2 } };
    await draw();
    await settle();
    expect(marks()).toHaveLength(1);
    expect(marks()).toEqual([{ through: 12 }]);
    expect([rows().length, dots(), unread.value]).toEqual([3, 2, 0]);
    expect(root.textContent).toContain("未读新交办");
    // The service calls them read now.
    change({ items: first().map((one) => ({ ...one, unread: false })), unread: 0 });
    await act(() => {
      refreshes.value += 1;
    });
    await settle();
    expect([dots(), marks().length]).toEqual([2, 1]);
    await leave();
    special = broken;
    await draw();
    await settle();
    expect([rows().length, dots()]).toEqual([3, 0]);
  });

  it("is not followed by more where nothing unread is left", async () => {
    pages = { "": { items: [...some(2, { unread: true }), ...some(1)], next_cursor: "c1", through: 3, unread: 2 } };
    await draw();
    await settle();
    expect([marks().length, calls.filter((call) => call.path.includes("cursor")).length]).toEqual([1, 0]);
    expect(root.textContent).not.toContain("条未读");
  });

  it("is not marked while nobody sees it", async () => {
    pages = { "": { items: some(1, { unread: true }), next_cursor: null, through: 5, unread: 1 } };
    isVisible = false;
    await draw();
    await settle();
    expect(rows()).toHaveLength(1);
    expect(marks()).toEqual([]);
    await act(() => show(true));
    await settle();
    expect(marks()).toHaveLength(1);
  });

  it("is not marked once it was left before anybody saw it", async () => {
    pages = { "": { items: some(1, { unread: true }), next_cursor: null, through: 5, unread: 1 } };
    isVisible = false;
    await draw();
    await settle();
    expect(rows()).toHaveLength(1);
    await leave();
    show(true);
    await settle();
    expect(marks()).toEqual([]);
  });

  it("is not marked from what this device keeps", async () => {
    pages = { "": { items: some(1, { unread: true }), next_cursor: null, through: 5, unread: 1 } };
    special = (asked) => (asked.method === "PUT" ? problem(503, "unavailable") : undefined);
    await draw();
    await settle();
    expect(marks()).toHaveLength(1);
    await leave();
    special = broken;
    await draw();
    await settle();
    expect(rows()).toHaveLength(1);
    expect([marks().length, dots()]).toEqual([1, 1]);
  });

  it("goes on by itself while more are unread, and nothing is marked before", async () => {
    pages = {
      "": { items: some(3, { unread: true }), next_cursor: "c1", through: 70, unread: 5 },
      c1: { items: [...some(2, { unread: true }), ...some(1)], next_cursor: "c2", through: 70, unread: 5 },
    };
    let isStuck = true;
    special = (asked) => (isStuck && asked.path.includes("cursor") ? problem(503, "unavailable") : undefined);
    await draw();
    await settle();
    expect(root.textContent).toContain("还有 2 条未读");
    expect(marks()).toEqual([]);
    isStuck = false;
    await act(() => [...root.querySelectorAll("button")].find((one) => one.textContent === "重试")?.click());
    await settle();
    expect(marks()).toHaveLength(1);
    expect([rows().length, marks()]).toEqual([6, [{ through: 70 }]]);
    expect(root.textContent).not.toContain("条未读");
  });

  it("is read again when something came between its pages", async () => {
    pages = {
      "": { items: some(2, { unread: true }), next_cursor: "c1", through: 70, unread: 3 },
      c1: { items: some(1, { unread: true }), next_cursor: null, through: 71, unread: 4 },
    };
    special = (asked) => {
      if (asked.path.includes("cursor")) change({ through: 71, unread: 4 });
      return undefined;
    };
    await draw();
    await settle();
    expect(marks()).toHaveLength(1);
    expect(marks()).toEqual([{ through: 71 }]);
  });

  it("follows what comes meanwhile", async () => {
    pages = { "": { items: some(1, { unread: true }), next_cursor: null, through: 1, unread: 1 } };
    await draw();
    await settle();
    expect(marks()).toHaveLength(1);
    change({ items: [notice({ unread: true }), ...first()], through: 2, unread: 1 });
    await act(() => {
      unread.value = 1;
    });
    await settle();
    expect(marks()).toHaveLength(2);
    expect(marks()[1]).toEqual({ through: 2 });
    await settle();
    expect([rows().length, dots()]).toEqual([2, 2]);
  });

  it("tells a time no finer than it was told, and a kind of a newer service in neutral words", async () => {
    pages = {
      "": {
        items: [
          notice({ at: "2026-08-03T00:00:00Z", fineness: "half-day" }),
          notice({ at: "2026-08-02T16:00:00Z", fineness: "day" }),
          notice({ at: null, fineness: "never" }),
          notice({ kind: "of-tomorrow" as Notice["kind"] }),
        ],
        next_cursor: null,
        through: 4,
        unread: 0,
      },
    };
    await draw();
    await settle();
    expect(rows()).toHaveLength(4);
    const times = rows().map((row) => row.querySelector(".notice-head .caption")?.textContent?.slice(-5));
    expect(times.slice(0, 3)).toEqual(["3日 上午", "8月3日", undefined]);
    expect(rows()[3]?.textContent).toContain("办理动态");
    expect(marks()).toEqual([]);
  });

  it("may be nothing", async () => {
    pages = { "": { items: [], next_cursor: null, through: 0, unread: 0 } };
    await draw();
    await settle();
    expect(root.textContent).toContain("没有消息。");
  });

  it("is no page for a role without notices", async () => {
    signIn(["read-issue"]);
    calls.length = 0;
    await draw();
    await settle();
    expect(root.textContent).toContain("没有这个页面");
    expect(calls).toEqual([]);
  });
});

describe("a switch", () => {
  const boxes = () => [...root.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
  const open = async () => {
    pages = { "": { items: [], next_cursor: null, through: 0, unread: 0 } };
    await draw();
    await act(() => root.querySelector<HTMLElement>("button[aria-expanded]")?.click());
    await settle();
    expect(boxes()).toHaveLength(2);
  };

  it("is saved at once, and the list is read again", async () => {
    await open();
    await settle();
    const before = calls.length;
    await act(() => boxes()[0]?.click());
    await settle();
    const sent = calls.slice(before);
    expect(sent[0]).toMatchObject({ method: "PATCH", path: "/notices/kinds", body: { "handed-over": false } });
    expect(sent[1]?.path).toMatch(/^\/notices\?limit/);
    expect(boxes().map((box) => box.checked)).toEqual([false, true]);
  });

  it("goes back to what is saved when that fails", async () => {
    await open();
    special = (asked) => (asked.method === "PATCH" ? problem(503, "unavailable") : undefined);
    await act(() => boxes()[1]?.click());
    await act(() => boxes()[1]?.click());
    await act(() => boxes()[1]?.click());
    await settle();
    expect(boxes().map((box) => box.checked)).toEqual([true, true]);
    expect(root.querySelector("[role=alert]")?.textContent).toContain("服务暂时不可用");
  });
});

describe("how many unread ones are further down", () => {
  const at = (days: number, isUnread: boolean) =>
    notice({ at: new Date(NOON - days * DAY).toISOString(), unread: isUnread });

  it("is what was counted and not shown", () => {
    expect(unreadLeft({ unread: 60 }, some(50, { unread: true }), true)).toBe(10);
    expect(unreadLeft({ unread: 50 }, some(50, { unread: true }), true)).toBe(0);
    expect(unreadLeft({ unread: 60 }, some(50, { unread: true }), false)).toBe(0);
  });

  it("is unknown where nobody counted so far", () => {
    expect(unreadLeft({ unread: 100 }, some(120, { unread: true }), true)).toBe(Infinity);
  });

  it("is none two days below the latest that was read", () => {
    const shown = [at(0, true), at(1, false), at(2, true)];
    expect(unreadLeft({ unread: 100 }, [...shown, at(3, false)], true)).toBe(Infinity);
    expect(unreadLeft({ unread: 100 }, [...shown, at(3.01, false)], true)).toBe(0);
    expect(unreadLeft({ unread: 4 }, [...shown, at(3, false)], true)).toBe(2);
    expect(unreadLeft({ unread: 4 }, [...shown, at(3.01, false)], true)).toBe(0);
  });
});
