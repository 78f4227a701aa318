// @vitest-environment happy-dom
// A deadline that reaches into a year whose holidays are not known yet is shown as such.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setAccount } from "../src/api/request";
import type { OfficeIssue } from "../src/api/types";
import { IssueDesk } from "../src/office/IssueDesk";
import { goInstead, link } from "../src/router";
import { session } from "../src/session/session";
import { closeDatabase } from "../src/store/database";
import { t } from "../src/texts";
import { UnitIssue } from "../src/unit/UnitIssuePage";
import "../src/office/words";
import "../src/texts/withForms";
import { network, quiet, until } from "./network";

const issue = (change: object): OfficeIssue =>
  ({
    id: "i1",
    version: 3,
    state: "rectifying",
    severity: "low",
    urgent: false,
    overdue: false,
    round: 1,
    chain_no: 0,
    item_code: "X-01",
    unit_id: "un1",
    point: { id: "p", code: "990001-MKT-0001", name: "示例点位" },
    finder: { id: "f", display_name: "某人" },
    allowed_actions: [],
    photos: [],
    missing_photos: [],
    plan: [],
    pauses: [],
    children: [],
    flags_count: 0,
    requests: [],
    returns: [],
    flags: [],
    flag_codes: [],
    received_at: "2026-12-30T07:04:11Z",
    captured_at: "2026-12-30T07:04:11Z",
    found_on: { date: "2026-12-30", half_day: "afternoon" },
    due_at: "2099-01-04T04:00:00Z",
    closed_at: null,
    ...change,
  }) as never;

let root: HTMLElement;
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
  root = document.createElement("div");
  document.body.replaceChildren(root);
  vi.stubGlobal("scrollTo", () => undefined);
});
afterEach(async () => {
  render(null, root);
  await quiet();
  session.value = null;
  vi.unstubAllGlobals();
});

/** The text of the page that a person of this role has of the issue. */
async function pageOf(role: "unit" | "office", change: object): Promise<string> {
  const body = issue(change);
  setAccount(role);
  session.value = { user: { id: role, role }, unit: null, mustChangePassword: false, permissions: [] } as never;
  network(({ path }) => ({ body: path === "/issues/i1" ? body : { items: [], next_cursor: null } }));
  goInstead(link("issue", "i1"));
  const page =
    role === "unit" ? (
      <UnitIssue />
    ) : (
      <IssueDesk id="i1" first={null} onDone={() => undefined} onHold={() => undefined} />
    );
  await act(() => render(page, root));
  await until(() => root.textContent?.includes("示例点位") === true);
  await act(quiet);
  return root.textContent ?? "";
}

it("a unit is told that its deadline may fall on a holiday, as long as the deadline counts", async () => {
  expect(await pageOf("unit", { due_unsure: true })).toContain(t("unit.dueUnsure"));
});
it("a unit is not told so of a deadline that is sure", async () => {
  expect(await pageOf("unit", { due_unsure: false })).not.toContain(t("unit.dueUnsure"));
});
it("a unit is not told so once the issue is closed", async () => {
  expect(await pageOf("unit", { due_unsure: true, state: "closed" })).not.toContain(t("unit.dueUnsure"));
});
it("the office is told so, as long as the deadline counts", async () => {
  expect(await pageOf("office", { due_unsure: true })).toContain(t("office.dueUnsure"));
});
it("the office is not told so of a deadline that is sure", async () => {
  expect(await pageOf("office", { due_unsure: false })).not.toContain(t("office.dueUnsure"));
});
it("the office is not told so once the issue is closed", async () => {
  const closed = { due_unsure: true, state: "closed", closed_at: "2099-01-04T03:00:00Z" };
  expect(await pageOf("office", closed)).not.toContain(t("office.dueUnsure"));
});
