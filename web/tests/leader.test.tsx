// @vitest-environment happy-dom
// What a county leader reads of what is paired, and how a note on it is sent; what came of repeat visits.
import "fake-indexeddb/auto";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { OwnPairing } from "../src/api/leader";
import type { Repeats as Told } from "../src/api/repeats";
import { setAccount } from "../src/api/request";
import { PairingsPage } from "../src/leader/PairingsPage";
import { Repeats } from "../src/office/follow/Repeats";
import { session } from "../src/session/session";
import { addTexts } from "../src/texts";
import { zhFollow } from "../src/texts/zh/follow";
import "../src/texts/withForms";
import { network, until } from "./network";

addTexts(zhFollow);
const root = document.createElement("div");
beforeEach(() => {
  vi.stubGlobal("scrollTo", () => undefined);
  document.body.replaceChildren(root);
  setAccount("u1");
  session.value = { user: { id: "u1", role: "leader" }, permissions: ["write-leader-notes"] } as never;
});
afterEach(() => {
  render(null, root);
  vi.unstubAllGlobals();
});

const PAIRING: OwnPairing = {
  id: "0f5c3b7a-9d1e-4f40-8162-73849506a7b8",
  unit_id: "unit",
  point_id: null,
  name: "城市管理局",
  from: "2026-08-03",
  to: null,
  is_on: true,
  open: 4,
  overdue: 2,
  rebounds: 1,
  since: "2026-05-11",
  last: { month: "2026-08", score: "88.25", rank: 2, standing: null },
};

it("shows how it stands, and sends a note", async () => {
  const calls = network(({ method, path }) => {
    if (method === "PUT") return { status: 201, body: {} };
    return { body: { items: path === "/own-pairings" ? [PAIRING] : [], next_cursor: null } };
  });
  const sent = () => calls.filter(({ method }) => method === "PUT");
  await act(() => render(<PairingsPage />, root));
  await until(() => root.textContent.includes("88.25"));
  for (const words of ["城市管理局", "超期2", "组内第 2 名"]) expect(root.textContent).toContain(words);
  const input = root.querySelector("textarea") as HTMLTextAreaElement;
  await act(() => {
    input.value = " 周五前到现场看一次 ";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });
  await act(() => root.querySelector("form")?.requestSubmit());
  await until(() => sent().length > 0);
  expect(sent()[0]?.path).toMatch(/^\/leader-notes\/[0-9a-f-]{36}$/);
  expect(sent()[0]?.body).toEqual({
    pairing_id: PAIRING.id,
    issue_id: null,
    note: "周五前到现场看一次",
  });
});

const TOLD: Told = {
  from: "2025-08-03",
  visits: 400,
  drawn: 20,
  given: 18,
  pairs: 15,
  open: 2,
  no_slot: 1,
  nobody: 1,
  pairs_min: 10,
  people_min: 3,
  figures: {
    judged: 180,
    missed: { count: 1, of: 3, low: 614, high: 7924 },
    only_first: null,
    milder: { count: 1, of: 180, low: 9, high: 308 },
    stricter: { count: 0, of: 180, low: 0, high: 209 },
    left_out: { count: 0, of: 180, low: 0, high: 209 },
  },
};

it("says shares with their bounds, and nothing where there is too little", async () => {
  let told = TOLD;
  network(() => ({ body: told }));
  await act(() => render(<Repeats />, root));
  await until(() => root.querySelector("table") !== null);
  const cells = [...root.querySelectorAll("tbody tr")].map((row) => row.textContent);
  expect(cells[0]).toContain("33.33%6.14% 至 79.24%1／3");
  expect(cells[1]).toContain("不适用");
  expect(cells[2]).toContain("0.56%");
  render(null, root);
  told = { ...TOLD, figures: null };
  session.value = { user: { id: "u2", role: "office" } } as never;
  await act(() => render(<Repeats />, root));
  await until(() => root.textContent.includes("不足 10 次"));
  expect(root.querySelector("table")).toBeNull();
});
