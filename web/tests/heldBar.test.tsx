// @vitest-environment happy-dom
// The bar of decisions that are held back: a press does what its label says, and once.
import "fake-indexeddb/auto";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loggedOut, reachable, setAccount } from "../src/api/request";
import type { OfficeIssue } from "../src/api/types";
import { SETTLING_MS } from "../src/office/DecisionForm";
import { beginDecision } from "../src/office/decisions";
import { held, hold, HOLD_MS } from "../src/office/held";
import { HeldBar } from "../src/office/HeldBar";
import { LeavingQuestion } from "../src/office/LeavingQuestion";
import { session } from "../src/session/session";
import "../src/office/words";
import "../src/texts/withForms";
import { broken, network, problem } from "./network";

const root = document.createElement("div");
const decide = (id: string) => {
  const issue = {
    id,
    version: 3,
    severity: "low",
    returns: [],
    requests: [],
    point: { name: id },
  } as never as OfficeIssue;
  const fields = beginDecision(issue, undefined);
  return act(() => hold([{ issue, action: "fail", body: {}, fields, queue: "check" }]));
};
const passes = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms).then(() => undefined));
const button = (name: string) =>
  Array.from(root.querySelectorAll("button")).find((one) => one.textContent?.startsWith(name));
const click = (name: string, detail = 1) =>
  act(() => {
    button(name)?.dispatchEvent(new MouseEvent("click", { bubbles: true, detail }));
  });
const key = (more: KeyboardEventInit) =>
  act(() => {
    dispatchEvent(new KeyboardEvent("keydown", more));
  });

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  document.body.replaceChildren(root);
  localStorage.clear();
  reachable.value = true;
  loggedOut.value = false;
  setAccount("o1");
  session.value = {
    user: { id: "o1", role: "office" },
    unit: null,
    mustChangePassword: false,
    permissions: [],
  } as never;
  await passes(1);
});
afterEach(async () => {
  render(null, root);
  session.value = null;
  await passes(1);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the bar", () => {
  beforeEach(() => act(() => render(<HeldBar />, root)));

  it("takes back nothing by a click that was meant for what stood there before", async () => {
    network(broken);
    await decide("i1");
    await passes(SETTLING_MS + 10);
    await decide("i2");
    await click("撤销");
    expect(held.value).toHaveLength(2);
    await passes(SETTLING_MS + 10);
    await click("撤销");
    await click("撤销");
    expect(held.value.map(({ issueId }) => issueId)).toEqual(["i1"]);
  });

  it("counts a double click once, and a key that is held down once", async () => {
    network(broken);
    await decide("i1");
    await passes(SETTLING_MS + 10);
    await click("撤销", 2);
    expect(held.value).toHaveLength(1);
    await key({ key: "z", repeat: true });
    expect(held.value).toHaveLength(1);
    await key({ key: "z" });
    expect(held.value).toEqual([]);
  });

  it("says that something was done only while it is new", async () => {
    network(() => ({ body: { id: "i1", version: 4 } }));
    await decide("i1");
    await passes(HOLD_MS + 10);
    expect(root.textContent).toContain("已完成");
    await act(() => render(null, root));
    await passes(60_000);
    await act(() => render(<HeldBar />, root));
    await passes(10);
    expect(root.textContent).toBe("");
  });

  it("offers to end what the service does not manage to take", async () => {
    network(({ method }) => (method === "POST" ? problem(500, "internal") : { body: { id: "i1", version: 4 } }));
    await decide("i1");
    await passes(20_000);
    expect(root.textContent).toContain("还没有办成");
    expect(button("再送")).toBeDefined();
    await click("放弃");
    await passes(10);
    expect([held.value, root.textContent]).toEqual([[], ""]);
  });

  it("says what it waits for when the session has ended before a decision was sent", async () => {
    network(broken);
    await decide("i1");
    await act(() => {
      loggedOut.value = true;
    });
    await passes(HOLD_MS + 10);
    expect(root.textContent).toContain("有 1 件还没有送到，重新登录后自动送出。");
    expect(root.textContent).not.toContain("秒");
    network(() => ({ body: { id: "i1", version: 4 } }));
    await act(() => {
      loggedOut.value = false;
    });
    await passes(10);
    expect(held.value).toEqual([]);
  });

  it("is drawn for the office alone", async () => {
    network(broken);
    await decide("i1");
    session.value = { ...session.peek(), user: { id: "o1", role: "unit" } } as never;
    await passes(10);
    expect(root.textContent).toBe("");
  });
});

describe("the question before signing out", () => {
  it("takes back what was never sent, and leaves the rest to be waited for", async () => {
    const onStay = vi.fn();
    network(broken);
    await decide("i1");
    await passes(HOLD_MS + 10);
    await decide("i2");
    await act(() => render(<LeavingQuestion onLeave={() => undefined} onStay={onStay} />, root));
    expect(root.textContent).toContain("还有 2 件办理没有送到");
    await click("撤回还没有送出的 1 件");
    expect(held.value.map(({ issueId }) => issueId)).toEqual(["i1"]);
    expect(root.textContent).toContain("还有 1 件办理没有送到");
    network(() => ({ body: { id: "i1", version: 4 } }));
    await click("再等一等");
    await passes(5_000);
    expect(held.value).toEqual([]);
    expect(onStay).toHaveBeenCalled();
  });
});
