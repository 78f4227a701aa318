// @vitest-environment happy-dom
// The rows of a queue after decisions, its search, and what follows the width of the window.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setAccount } from "../src/api/request";
import type { OfficeIssue } from "../src/api/types";
import { DecisionFields } from "../src/office/DecisionFields";
import { beginDecision } from "../src/office/decisions";
import { settled } from "../src/office/held";
import { QueuePage } from "../src/office/QueuePage";
import { queueOf } from "../src/office/queues";
import { Waiting } from "../src/office/Waiting";
import { goInstead } from "../src/router";
import { reference } from "../src/session/reference";
import { session } from "../src/session/session";
import { closeDatabase } from "../src/store/database";
import { language, t } from "../src/texts";
import { isWide } from "../src/ui/isWide";
import "../src/office/words";
import "../src/texts/withForms";
import { network, quiet, until } from "./network";

let root: HTMLElement;
const issue = (id: string, more: object = {}): OfficeIssue =>
  ({
    id,
    version: 3,
    state: "reported",
    severity: "low",
    allowed_actions: ["pass", "fail", "assign-check"],
    item_code: "X-01",
    point: { id: "p", name: id },
    photos: [],
    requests: [],
    returns: [],
    flag_codes: [],
    received_at: "2026-08-03T07:04:11Z",
    ...more,
  }) as never;
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  root = document.createElement("div");
  document.body.replaceChildren(root);
  setAccount("o1");
  session.value = {
    user: { id: "o1", role: "office" },
    unit: null,
    mustChangePassword: false,
    permissions: [],
  } as never;
  vi.stubGlobal("scrollTo", () => undefined);
  // A phone: no case opens by itself.
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => undefined }));
});
afterEach(async () => {
  render(null, root);
  await quiet();
  session.value = null;
  language.value = "zh-CN";
  vi.unstubAllGlobals();
});

it("a case that stays in its queue after a decision stays in sight, one that has left it does not", async () => {
  // The list is not asked for again: its rows are of before the decisions.
  network(({ path }) =>
    path.startsWith("/issues?")
      ? { body: { items: path.includes("severity=low") ? [issue("甲"), issue("乙")] : [], next_cursor: null } }
      : { body: { items: [] } },
  );
  const rows = () => Array.from(root.querySelectorAll(".list-row strong")).map((one) => one.textContent);
  await act(() => render(<Waiting queue={queueOf("check")} words="" isBatch={false} />, root));
  await until(() => rows().length === 2);
  await act(() => {
    settled.value = new Map([
      ["甲", issue("甲", { version: 4 })],
      ["乙", issue("乙", { version: 4, state: "closed", allowed_actions: [] })],
    ]);
  });
  expect(rows()).toEqual(["甲"]);
});

it("the release of many keeps what is searched for", async () => {
  network(() => ({ body: { items: [], next_cursor: null, total: 0, by_state: {} } }));
  goInstead(`#/queue?kind=release&q=${encodeURIComponent("市场")}`);
  await act(() => render(<QueuePage />, root));
  await act(quiet);
  const way = Array.from(root.querySelectorAll("a")).find((one) => one.textContent === "批量交办");
  expect(way?.getAttribute("href")).toBe(`#/queue?kind=release&q=${encodeURIComponent("市场")}&batch=1`);
});

it("what depends on the width of the window follows it", async () => {
  let turn: () => void = () => undefined;
  const query = {
    matches: false,
    addEventListener: (_: string, heard: () => void) => {
      turn = heard;
    },
  };
  let isPrinting = false;
  vi.stubGlobal("matchMedia", (what: string) => (what === "print" ? { matches: isPrinting } : query));
  const Said = () => <p>{isWide("777px") ? "wide" : "narrow"}</p>;
  await act(() => render(<Said />, root));
  expect(root.textContent).toBe("narrow");
  query.matches = true;
  await act(() => turn());
  expect(root.textContent).toBe("wide");
  // Paper is narrower, and what is drawn anew for it has no pictures yet.
  isPrinting = true;
  query.matches = false;
  await act(() => turn());
  expect(root.textContent).toBe("wide");
});

it("a deadline is called optional only where the item has a limit", async () => {
  network(() => ({ body: { items: [] } }));
  const label = async (limit: string | null) => {
    reference.value = { items: [{ code: "X-01", limit }], units: [], points: [], campaigns: [] } as never;
    const of = issue("甲");
    const fields = beginDecision(of, undefined);
    const set = () => undefined;
    await act(() => render(<DecisionFields action="approve" fields={fields} faults={[]} set={set} issue={of} />, root));
    return root.querySelector("label[for=decide-due]")?.textContent ?? root.textContent ?? "";
  };
  expect(await label(null)).not.toContain("选填");
  expect(await label("4wh")).toContain("选填");
  reference.value = null as never;
});

it("a text whose English is not there yet is said in Chinese", () => {
  language.value = "en";
  expect(t("held.undo")).toBe("撤销");
});
