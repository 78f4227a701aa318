// @vitest-environment happy-dom
// What an inspector reads about a step that was taken: its result, while it is being sent and afterwards.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DonePage } from "../src/answer/DonePage";
import { answerFaults } from "../src/answer/forms";
import { InspectorIssue } from "../src/inspector/InspectorIssuePage";
import { entries } from "../src/outbox/drain";
import type { AnswerEntry } from "../src/outbox/entry";
import { goInstead, link } from "../src/router";
import { session } from "../src/session/session";
import { closeDatabase } from "../src/store/database";
import { newAnswerDraft } from "../src/store/drafts";
import { network, problem, quiet, until } from "./network";
import { answerEntry, photoRef } from "./records";

let root = document.createElement("div");
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  root = document.createElement("div");
  document.body.replaceChildren(root);
  session.value = { user: { id: "u1", role: "inspector" }, mustChangePassword: false, permissions: [] } as never;
  vi.stubGlobal("scrollTo", () => undefined);
});
afterEach(async () => {
  render(null, root);
  entries.value = [];
  await quiet();
  vi.unstubAllGlobals();
});

const taken = (change: Partial<AnswerEntry>): AnswerEntry => ({ ...answerEntry(), photos: [], ...change });
const delivered = (change: Partial<AnswerEntry>): AnswerEntry =>
  taken({
    state: "delivered",
    deliveredAt: 1,
    receipt: { at: "2026-08-03T07:04:00Z", state: "closed", version: 9, number: null },
    ...change,
  });
async function show(entry: AnswerEntry): Promise<string> {
  entries.value = [entry];
  await act(() => render(<DonePage key={Math.random()} id={entry.id} />, root));
  return root.textContent ?? "";
}

describe("the page after a step", () => {
  it("says what each step has led to", async () => {
    expect(await show(delivered({ action: "pass" }))).toContain("问题已销号");
    expect(await show(delivered({ action: "fail" }))).toContain("重新整改");
    expect(await show(delivered({ action: "resubmit" }))).toContain("等待督查室审核");
    expect(await show(delivered({ action: "look-back", body: { held: true } }))).toContain("整改成效保持");
    expect(root.querySelector(`a[href="${link("issue", "i1")}"]`), "it can no longer be read").toBeNull();
    expect(await show(delivered({ action: "look-back", body: { held: false } }))).toContain("已另立新问题");
    const receipt = { at: "2026-08-03T07:04:00Z", state: "void" as const, version: 2, number: null };
    expect(await show(delivered({ action: "withdraw", receipt }))).toContain("已撤回");
    expect(await show(delivered({ action: "withdraw" }))).toContain("没有撤回");
  });

  it("changes by itself as the step is sent, and says what stands in its way", async () => {
    expect(await show(taken({ action: "pass" }))).toContain("“核查通过”已保存在本机");
    await act(() => {
      entries.value = [delivered({ action: "pass" })];
    });
    expect(root.textContent).toContain("问题已销号");
    const setback = { code: "forbidden" as const, requestId: null, fields: [], retryAfterMs: null };
    expect(await show(taken({ action: "pass", state: "attention", setback }))).toContain("没有送达");
  });
});

it("a task that is over is no error", async () => {
  network(() => problem(404, "not-found"));
  goInstead(link("issue", "i1"));
  await act(() => render(<InspectorIssue />, root));
  await until(() => root.textContent?.includes("现在不由您办理") ?? false);
  expect(root.querySelector("[role=alert]")).toBeNull();
});

it("a check passed on site has a photo, or says why it has none", () => {
  const begun = { userId: "u1", issueId: "i1", title: "t", action: "pass" as const, version: 1, entryId: "e1" };
  const draft = newAnswerDraft(begun, 1);
  const fields = (change: object) => ({ ...draft, fields: { ...draft.fields, ...change } });
  expect(answerFaults("pass", draft)).toEqual(["evidence"]);
  expect(answerFaults("pass", fields({ text: " \n" }))).toEqual(["evidence"]);
  expect(answerFaults("pass", fields({ text: "相机坏了" }))).toEqual([]);
  expect(answerFaults("pass", fields({ onSite: false }))).toEqual([]);
  expect(answerFaults("pass", { ...draft, photos: [photoRef("p1")] })).toEqual([]);
  expect(answerFaults("fail", { ...fields({ text: "仍未清" }) })).toEqual([]);
});
