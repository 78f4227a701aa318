// @vitest-environment happy-dom
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { reachable } from "../src/api/request";
import { Failure } from "../src/api/failure";
import { useDraft } from "../src/draft/useDraft";
import type { DraftHandle } from "../src/draft/useDraft";
import { goInstead, route } from "../src/router";
import { closeDatabase, withDatabase } from "../src/store/database";
import {
  answerDraftId,
  findDraft,
  finishDraft,
  newAnswerDraft,
  newReportDraft,
  OthersDraft,
  readDraft,
  writeDraft,
} from "../src/store/drafts";
import { takeOpen } from "../src/store/openDraft";
import type { AnswerDraft, ReportDraft } from "../src/store/records";
import { useCached } from "../src/ui/useCached";
import type { Cached } from "../src/ui/useCached";
import { quiet, until } from "./network";
import { reportEntry } from "./records";

let root = document.createElement("div");
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  root = document.createElement("div");
});
afterEach(async () => {
  render(null, root);
  await quiet();
});

const typed = (userId: string, description: string): ReportDraft => {
  const begun = newReportDraft("i1", userId, "pt", "t", 1);
  return { ...begun, fields: { ...begun.fields, description } };
};

/** The form of a report, as that person opens it. */
function open(userId: string): { handle: DraftHandle<ReportDraft> | null } {
  const seen: { handle: DraftHandle<ReportDraft> | null } = { handle: null };
  function Form() {
    seen.handle = useDraft<ReportDraft>("i1", () => newReportDraft("i1", userId, null, "", 2), "#/report/i1");
    return <p>{seen.handle?.draft.fields.description}</p>;
  }
  render(<Form />, root);
  return seen;
}

describe("a draft", () => {
  it("is there again as it was typed, and what is typed next is added to it", async () => {
    await writeDraft(typed("u1", "堵塞"));
    const form = open("u1");
    await until(() => form.handle !== null);
    expect(form.handle).toMatchObject({ isRestored: true, draft: { fields: { description: "堵塞", pointId: "pt" } } });
    form.handle?.update((old) => ({ ...old, fields: { ...old.fields, severity: "high" } }));
    await form.handle?.flush();
    expect((await readDraft("i1"))?.fields).toMatchObject({ description: "堵塞", severity: "high" });
  });

  it("that is new is not called restored", async () => {
    const form = open("u1");
    await until(() => form.handle !== null);
    expect(form.handle).toMatchObject({ isRestored: false, draft: { userId: "u1" } });
  });

  it("of somebody else is neither shown nor written over, whatever the address", async () => {
    await writeDraft(typed("u1", "堵塞"));
    goInstead("#/report/i1");
    const form = open("u2");
    await until(() => route.value.path.length === 0);
    await quiet();
    expect(form.handle).toBeNull();
    expect(root.textContent).not.toContain("堵塞");
    await expect(writeDraft(typed("u2", "x"))).rejects.toBeInstanceOf(OthersDraft);
    expect(await readDraft("i1")).toMatchObject({ userId: "u1", fields: { description: "堵塞" } });
  });

  it("that has become a record is no form any more: what is added would never be sent", async () => {
    await writeDraft(typed("u1", "堵塞"));
    await finishDraft(typed("u1", "堵塞"), () => reportEntry("i1"));
    goInstead("#/report/i1");
    const form = open("u1");
    await until(() => route.value.path[0] === "outbox");
    await quiet();
    expect(form.handle).toBeNull();
  });

  it("that another window sends is left for the queue with the next key", async () => {
    goInstead("#/report/i1");
    const form = open("u1");
    await until(() => form.handle !== null);
    await finishDraft(typed("u1", "堵塞"), () => reportEntry("i1"));
    form.handle?.update((old) => ({ ...old, fields: { ...old.fields, description: "x" } }));
    await form.handle?.flush();
    expect(route.value.path).toEqual(["outbox"]);
    expect(await readDraft("i1")).toBeUndefined();
  });

  it("hands over what was being written when it was asked, and calls nobody back once its form is left", async () => {
    const form = open("u1");
    await until(() => form.handle !== null);
    const before = form.handle;
    void before?.addFile(
      new File([Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2])], "a.jpg", { type: "image/jpeg" }),
      "far",
    );
    expect((await before?.flush())?.photos).toHaveLength(1);
    form.handle?.update((old) => ({ ...old, fields: { ...old.fields, description: "x" } }));
    render(null, root);
    await until(async () => ((await readDraft("i1")) as ReportDraft | undefined)?.fields.description === "x");
    // Closed on purpose: the mark is removed when all is saved.
    await until(async () => (await withDatabase((db) => db.get("meta", "open-draft"))) === undefined);
  });

  it("is called back to a second time, though nothing was changed since the first", async () => {
    await writeDraft(typed("u1", "堵塞"), "#/report/i1");
    expect(await takeOpen()).toBe("#/report/i1");
    const form = open("u1");
    await until(() => form.handle !== null);
    await form.handle?.flush();
    expect(await takeOpen()).toBe("#/report/i1");
  });

  it("is written with the next chance where the device had no room for it", async () => {
    const form = open("u1");
    await until(() => form.handle !== null);
    const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
      throw new DOMException("no room", "QuotaExceededError");
    });
    form.handle?.update((old) => ({ ...old, fields: { ...old.fields, description: "x" } }));
    await form.handle?.flush();
    put.mockRestore();
    expect(await readDraft("i1")).toBeUndefined();
    await form.handle?.flush();
    expect((await readDraft("i1"))?.fields).toMatchObject({ description: "x" });
  });

  it("waits, when it is opened again, for the photo that was being written as it was left", async () => {
    const form = open("u1");
    await until(() => form.handle !== null);
    void form.handle?.addFile(
      new File([Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2])], "a.jpg", { type: "image/jpeg" }),
      "far",
    );
    render(null, root);
    const again = open("u1");
    await until(() => again.handle !== null);
    expect(again.handle?.draft.photos).toHaveLength(1);
  });

  it("of a step is each person's own, and one of an older app goes on under its old name", async () => {
    const of = (userId: string) => ({ userId, issueId: "i1", title: "t", action: "report-fix" as const, version: 1 });
    const old: AnswerDraft = { ...newAnswerDraft(of("u1"), 1), id: "i1/report-fix" };
    await writeDraft(old);
    expect(await findDraft(answerDraftId("u2", "i1", "report-fix"), "u2")).toBeUndefined();
    await writeDraft(newAnswerDraft(of("u2"), 2));
    expect(await findDraft(answerDraftId("u1", "i1", "report-fix"), "u1")).toMatchObject({
      id: "i1/report-fix",
      userId: "u1",
    });
    expect(await findDraft(answerDraftId("u2", "i1", "report-fix"), "u2")).toMatchObject({ userId: "u2" });
  });

  it("takes no file that the service would refuse, and says so", async () => {
    const form = open("u1");
    await until(() => form.handle !== null);
    await form.handle?.addFile(new File(["GIF89a"], "a.gif", { type: "image/gif" }), "far");
    await until(() => form.handle?.photoFault === "kind");
    expect(form.handle?.draft.photos).toEqual([]);
  });
});

describe("a list", () => {
  it("is asked for once, however often the network comes and goes, and again only when it got no answer", async () => {
    reachable.value = true;
    let loads = 0;
    let isBroken = false;
    let shown: Cached<string> | null = null;
    const load = async () => {
      loads += 1;
      if (isBroken) throw new Failure("offline");
      return `answer ${loads}`;
    };
    function List() {
      shown = useCached("list", load);
      return <p>{shown.body}</p>;
    }
    render(<List />, root);
    const flip = async () => {
      for (const is of [false, true]) {
        reachable.value = is;
        await quiet();
      }
    };
    await until(() => root.textContent === "answer 1");
    await flip();
    await flip();
    expect(loads).toBe(1);
    isBroken = true;
    (shown as Cached<string> | null)?.reload();
    await until(() => loads === 2);
    await quiet();
    expect(root.textContent).toBe("answer 1");
    isBroken = false;
    await flip();
    await until(() => root.textContent === "answer 3");
    await flip();
    expect(loads).toBe(3);
  });
});
