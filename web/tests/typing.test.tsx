// @vitest-environment happy-dom
// Typing: how soon it is saved, what happens with two windows, and what is left when the page is killed.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useDraft } from "../src/draft/useDraft";
import type { DraftHandle } from "../src/draft/useDraft";
import { goInstead } from "../src/router";
import { closeDatabase } from "../src/store/database";
import {
  answerDraftId,
  discardDraft,
  newAnswerDraft,
  newReportDraft,
  readDraft,
  writeDraft,
} from "../src/store/drafts";
import type { AnswerDraft, AnswerFields, ReportDraft } from "../src/store/records";
import type { ReportFields } from "../src/store/reportFields";
import { quiet, until } from "./network";
import { photoRef } from "./records";

const roots: Element[] = [];
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  localStorage.clear();
  goInstead("#/report/i1");
});
afterEach(async () => {
  for (const root of roots.splice(0)) render(null, root);
  await quiet();
  vi.useRealTimers();
  localStorage.clear();
});

type Shown<D extends AnswerDraft | ReportDraft> = { handle: DraftHandle<D> | null; close: () => void };
async function opened<D extends AnswerDraft | ReportDraft>(id: string, begin: () => D): Promise<Shown<D>> {
  const root = document.createElement("div");
  roots.push(root);
  const seen: Shown<D> = { handle: null, close: () => render(null, root) };
  function Form() {
    seen.handle = useDraft<D>(id, begin, `#/report/${id}`);
    return null;
  }
  render(<Form />, root);
  await until(() => seen.handle !== null);
  return seen;
}
/** Time in which every write comes to its end: on a fast machine the rounds of `quiet` are over before a timer. */
const writesTried = () => new Promise((resolve) => setTimeout(resolve, 100));
const report = () => opened<ReportDraft>("i1", () => newReportDraft("i1", "u1", null, "", 2));
const set = (form: Shown<ReportDraft>, change: Partial<ReportFields>) =>
  form.handle?.update((old) => ({ ...old, fields: { ...old.fields, ...change } }));
const keptFields = async () => ((await readDraft("i1")) as ReportDraft | undefined)?.fields;

describe("what is typed", () => {
  it("is written after a second at the latest, though there never is a pause", async () => {
    const form = await report();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    for (let key = 1; key <= 20; key += 1) {
      set(form, { description: "字".repeat(key) });
      await vi.advanceTimersByTimeAsync(100);
      await quiet();
    }
    // Of two seconds of typing the first is kept.
    expect((await keptFields())?.description.length).toBeGreaterThanOrEqual(10);
  });

  it("is there again though the page went with the last key, before the database could write it", async () => {
    const form = await report();
    set(form, { description: "堵" });
    await form.handle?.flush();
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("gone", "AbortError");
    });
    set(form, { description: "堵塞" });
    dispatchEvent(new Event("pagehide"));
    form.close();
    // Both writes were tried, that of the page and that of the form: none may come later and succeed.
    await writesTried();
    put.mockRestore();
    expect((await keptFields())?.description).toBe("堵");
    const again = await report();
    expect(again.handle).toMatchObject({ isRestored: true, draft: { fields: { description: "堵塞" } } });
    await until(async () => (await keptFields())?.description === "堵塞");
    await until(() => localStorage.length === 0);
  });

  it("in a form that was never written is there again, for its own person only", async () => {
    const form = await report();
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("gone", "AbortError");
    });
    set(form, { description: "堵塞" });
    dispatchEvent(new Event("pagehide"));
    form.close();
    // Both writes were tried, that of the page and that of the form: none may come later and succeed.
    await writesTried();
    put.mockRestore();
    const others = await opened<ReportDraft>("i1", () => newReportDraft("i1", "u2", null, "", 2));
    expect(others.handle?.draft.fields.description).toBe("");
    others.close();
    await quiet();
    expect((await report()).handle?.draft.fields.description).toBe("堵塞");
  });

  it("is not called restored to whoever has just taken the record back", async () => {
    await writeDraft(newReportDraft("i1", "u1", "pt", "t", 1));
    goInstead("#/report/i1?edit=1");
    expect((await report()).handle?.isRestored).toBe(false);
  });

  it("is forgotten with the draft that is discarded", async () => {
    const form = await report();
    set(form, { description: "堵塞" });
    dispatchEvent(new Event("pagehide"));
    await form.handle?.flush();
    const draft = await readDraft("i1");
    if (draft) await discardDraft(draft);
    expect(localStorage.length).toBe(0);
  });

  it("that the device does not keep is said as such, and tried again", async () => {
    const form = await report();
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("no room", "QuotaExceededError");
    });
    set(form, { description: "堵塞" });
    await vi.advanceTimersByTimeAsync(400);
    await until(() => form.handle?.storeFailure === "text");
    put.mockRestore();
    await vi.advanceTimersByTimeAsync(3_000);
    await until(async () => (await keptFields())?.description === "堵塞");
    await until(() => form.handle?.storeFailure === null);
  });
});

describe("a draft that two windows have open", () => {
  // Both windows are in one page here, where a channel does not hear itself.
  const relay = new BroadcastChannel("drafts");
  relay.onmessage = ({ data }: MessageEvent) => relay.postMessage(data);
  afterAll(() => relay.close());

  it("keeps what each has changed, and shows it in both", async () => {
    await writeDraft({ ...newReportDraft("i1", "u1", "pt", "t", 1), photos: [photoRef("p1")] });
    const [one, two] = [await report(), await report()];
    set(one, { description: "堵塞" });
    set(two, { severity: "high" });
    await one.handle?.flush();
    await two.handle?.flush();
    expect(await keptFields()).toMatchObject({ description: "堵塞", severity: "high" });
    await until(() => one.handle?.draft.fields.severity === "high");
    expect(two.handle?.draft.fields).toMatchObject({ description: "堵塞", severity: "high" });
  });

  it("does not lose what is being typed here to what is written there", async () => {
    const [one, two] = [await report(), await report()];
    set(two, { description: "这里" });
    set(one, { severity: "low", description: "那里" });
    await one.handle?.flush();
    await until(() => two.handle?.draft.fields.severity === "low");
    expect(two.handle?.draft.fields.description).toBe("这里");
    await two.handle?.flush();
    await until(() => one.handle?.draft.fields.description === "这里");
  });

  it("becomes one record, though each window drew an id for it", async () => {
    const id = answerDraftId("u1", "i1", "report-fix");
    const begin = (entryId: string) => () =>
      newAnswerDraft({ userId: "u1", issueId: "i1", title: "t", action: "report-fix", version: 1, entryId }, 1);
    const [one, two] = [await opened(id, begin("e1")), await opened(id, begin("e2"))];
    const change = (form: Shown<AnswerDraft>, to: Partial<AnswerFields>) =>
      form.handle?.update((old) => ({ ...old, fields: { ...old.fields, ...to } }));
    change(one, { text: "已清理" });
    await one.handle?.flush();
    change(two, { remedy: "quick" });
    const last = await two.handle?.flush();
    expect(last).toMatchObject({ entryId: "e1", fields: { text: "已清理", remedy: "quick" } });
  });
});
