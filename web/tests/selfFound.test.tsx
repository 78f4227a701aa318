// @vitest-environment happy-dom
// Faults that units found themselves: what is sent of one, and what the office can say of it.
import "fake-indexeddb/auto";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { setAccount } from "../src/api/request";
import type { OwnFix, SelfReport } from "../src/api/selfReports";
import { SelfFound } from "../src/office/follow/SelfFound";
import { ReportForm } from "../src/selfFound/ReportForm";
import { session } from "../src/session/session";
import "../src/texts/withForms";
import "../src/selfFound/words";
import { broken, network, until } from "./network";

const root = document.createElement("div");
beforeEach(() => {
  document.body.replaceChildren(root);
  setAccount("u1");
  session.value = { user: { id: "u1", role: "unit", unit_id: "unit" } } as never;
});
afterEach(() => {
  render(null, root);
  vi.unstubAllGlobals();
});

const AGAIN: OwnFix = {
  issue_id: "old",
  number: "2026-7K3P",
  point_id: "market",
  point_name: "禾丰农贸市场",
  item_code: "WM-02",
  closed_on: "2026-08-03",
  looked_on: null,
  self_report_id: null,
};

const REPORT: SelfReport = {
  id: "r1",
  unit_id: "unit",
  unit_name: "城市管理局",
  point_id: "market",
  point_name: "禾丰农贸市场",
  item_code: "WM-02",
  description: "公益广告破损",
  relapse_of: null,
  state: "fixed",
  reported_at: "2026-08-03T01:00:00Z",
  due_at: "2026-08-06T16:00:00Z",
  photo_ids: ["p1"],
  measure: "已更换",
  fixed_at: "2026-08-04T01:00:00Z",
  in_time: true,
  fix_photo_ids: ["p2"],
  decided_on: null,
  reason: null,
};

const button = (words: string): HTMLButtonElement =>
  [...root.querySelectorAll("button")].find((one) => one.textContent === words) as HTMLButtonElement;

async function choosePhoto(): Promise<void> {
  const input = root.querySelector("input[type=file]") as HTMLInputElement;
  Object.defineProperty(input, "files", { value: [new File(["x"], "a.jpg", { type: "image/jpeg" })], writable: true });
  await act(() => {
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await until(() => root.querySelector(".photos img") !== null);
}

it("sends the photo, then the report under one id, also when the answer was lost", async () => {
  let isLost = true;
  const calls = network(({ path }) =>
    path.startsWith("/photos") ? { status: 201 } : isLost ? broken() : { body: REPORT },
  );
  let done = 0;
  await act(() => render(<ReportForm again={AGAIN} onDone={() => (done += 1)} />, root));
  // Without a photo there is nothing to judge by.
  expect(button("上报").disabled).toBe(true);
  await choosePhoto();
  await act(() => button("上报").click());
  await until(() => root.querySelector("[role=alert]") !== null);
  isLost = false;
  button("上报").disabled = false;
  await act(() => button("上报").click());
  await until(() => done === 1);
  const [photo, first, second] = calls.filter(({ method }) => method === "PUT");
  expect(second?.path).toBe(first?.path);
  expect(first?.body).toEqual({
    point_id: "market",
    item_code: "WM-02",
    description: "",
    relapse_of: "old",
    photo_ids: [photo?.path.split("/").pop()],
  });
});

it("lets the office confirm what was put right, and refuse it with a reason only", async () => {
  const calls = network(({ method }) =>
    method === "GET" ? { body: { items: [REPORT], next_cursor: null } } : { body: { ...REPORT, state: "confirmed" } },
  );
  await act(() => render(<SelfFound />, root));
  await until(() => root.querySelector(".cards section") !== null);
  expect(root.textContent).toContain("城市管理局");
  const [, refuse] = [...root.querySelectorAll("button")];
  expect(refuse?.textContent).toBe("不予认定");
  expect(refuse?.disabled).toBe(true);
  await act(() => button("予以确认").click());
  await until(() => calls.some(({ method }) => method === "PUT"));
  const put = calls.find(({ method }) => method === "PUT");
  expect(put?.path).toBe("/self-reports/r1/decision");
  expect(put?.body).toEqual({ confirmed: true, reason: "" });
});
