// @vitest-environment happy-dom
// What a record in the outbox shows while it is being sent.
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, expect, it } from "vitest";
import { loggedOut, reachable } from "../src/api/request";
import type { OutboxEntry } from "../src/outbox/entry";
import { Underway } from "../src/outbox/Underway";
import "../src/texts/withForms";
import { answerEntry, reportEntry } from "./records";

let root = document.createElement("div");
beforeEach(() => {
  root = document.createElement("div");
  reachable.value = true;
  loggedOut.value = false;
});
afterEach(() => {
  render(null, root);
  reachable.value = true;
});

async function said(entry: OutboxEntry): Promise<string> {
  await act(() => render(<Underway entry={entry} />, root));
  return root.textContent ?? "";
}

it("says what is being sent", async () => {
  expect(await said({ ...reportEntry(), state: "sending" })).toContain("正在送出上报内容");
  expect(await said({ ...reportEntry(), state: "sending", isReceived: true })).toContain("督查室已收到");
  expect(await said({ ...answerEntry(), state: "sending" })).toContain("正在传照片");
  expect(await said({ ...answerEntry(), state: "sending", sentPhotos: ["p1", "p2"] })).toContain("正在提交");
});

it("says when it is tried again, and why not now", async () => {
  expect(await said({ ...reportEntry(), nextAt: Date.now() + 5_000 })).toMatch(/[45] 秒后自动再试/);
  expect(root.querySelector("[aria-live=off]"), "nobody hears the seconds").not.toBeNull();
  expect(await said(reportEntry())).toBe("");
  reachable.value = false;
  expect(await said(reportEntry())).toContain("联网后自动发送");
  expect(await said({ ...reportEntry(), state: "delivered" })).toBe("");
});
