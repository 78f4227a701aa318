// @vitest-environment happy-dom
// What is shown and offered for records that were refused, that wait for somebody, or that are gone.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import type { ComponentChild } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { availableActions } from "../src/answer/mainAction";
import { loggedOut, setAccount } from "../src/api/request";
import type { UnitIssue } from "../src/api/types";
import "../src/outbox/inPieces";
import "../src/outbox/lease";
import "../src/outbox/refusal";
import { drain, entries, startOutbox, stopOutbox } from "../src/outbox/drain";
import { EntryCard } from "../src/outbox/EntryCard";
import type { AnswerEntry, OutboxEntry, Setback } from "../src/outbox/entry";
import { SavedNotice } from "../src/outbox/SavedNotice";
import { toDraft } from "../src/outbox/toDraft";
import { session } from "../src/session/session";
import { closeDatabase, withDatabase } from "../src/store/database";
import { readEntry } from "../src/store/outbox";
import { UnitCard } from "../src/unit/UnitCard";
import "../src/texts/withForms";
import { network, problem, quiet, until } from "./network";
import { answerEntry, photoRef, reportEntry } from "./records";

let root = document.createElement("div");
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  root = document.createElement("div");
  loggedOut.value = false;
  setAccount("u1");
  session.value = { user: { id: "u1", role: "unit" }, unit: null, mustChangePassword: false, permissions: [] } as never;
});
afterEach(async () => {
  render(null, root);
  stopOutbox();
  await quiet();
  vi.unstubAllGlobals();
});

const setback = (code: string, change: Partial<Setback> = {}): Setback => ({
  code: code as Setback["code"],
  requestId: null,
  fields: [],
  retryAfterMs: null,
  ...change,
});
const signIn = (change: Partial<AnswerEntry> = {}): AnswerEntry => ({
  ...answerEntry(),
  id: "s1",
  action: "sign-in",
  body: {},
  photos: [],
  key: "ks",
  version: 3,
  createdAt: 1,
  ...change,
});
const fix = (change: Partial<AnswerEntry> = {}): AnswerEntry => ({
  ...answerEntry(),
  id: "f1",
  key: "kf",
  version: 3,
  after: "s1",
  photos: [],
  createdAt: 2,
  ...change,
});
const keep = (...all: OutboxEntry[]) =>
  withDatabase(async (db) => {
    for (const entry of all) await db.put("outbox", entry);
  });
async function drawn(what: ComponentChild): Promise<string> {
  await act(() => render(what, root));
  return root.textContent ?? "";
}
const buttons = () => Array.from(root.querySelectorAll("button, a.button"), (button) => button.textContent);

const unitIssue = {
  id: "i1",
  version: 3,
  state: "rectifying",
  item_code: "WM-07",
  severity: "low",
  unit_id: "un1",
  due_at: null,
  urgent: false,
  photos: [],
  point: { id: "pt", name: "禾苑小区" },
  allowed_actions: ["report-fix"],
} as unknown as UnitIssue;

describe("a step that was refused", () => {
  it("is not called sent, and hides nothing that may be done", async () => {
    entries.value = [fix({ after: null, state: "attention", setback: setback("invalid-fields") })];
    expect(availableActions(unitIssue)).toEqual(["report-fix"]);
    const said = await drawn(<UnitCard issue={unitIssue} />);
    expect(said).toContain("需处理");
    expect(said).not.toContain("等待发送");
    expect(root.querySelector("a[href='#/outbox']")).not.toBeNull();
    expect(said).toContain("提交整改");
  });

  it("still hides the actions while it waits", async () => {
    entries.value = [fix({ after: null })];
    expect(availableActions(unitIssue)).toEqual([]);
    expect(await drawn(<UnitCard issue={unitIssue} />)).toContain("已办理，等待发送");
  });

  it("because a colleague has signed is said as such, and the fix behind it goes by itself", async () => {
    await keep(signIn(), fix());
    const calls = network(({ method, path }) => {
      if (method === "GET") return { body: { ...unitIssue, version: 4 } };
      if (path.includes("sign-in")) return problem(409, "stale-version");
      return { body: { ...unitIssue, state: "reported", version: 5 } };
    });
    await startOutbox("u1");
    await until(async () => (await readEntry("f1"))?.state === "delivered");
    expect(calls.find(({ path }) => path.includes("report-fix"))?.headers["If-Match"]).toBe('"4"');
    const entry = await readEntry("s1");
    expect(entry).toMatchObject({ state: "attention", setback: { overtaken: { state: "rectifying", version: 4 } } });
    if (!entry) throw new Error("it is gone");
    const said = await drawn(<EntryCard entry={entry} />);
    expect(said).toContain("同事已签收");
    expect(buttons()).toContain("移除");
    expect(buttons()).not.toContain("按最新情况再提交");
  });

  it("may be sent again where it is still possible, and holds up what is behind it until then", async () => {
    await keep(signIn(), fix());
    network(({ method }) =>
      method === "GET"
        ? { body: { ...unitIssue, state: "assigned", version: 4, allowed_actions: ["sign-in"] } }
        : problem(409, "stale-version"),
    );
    await startOutbox("u1");
    await until(async () => (await readEntry("s1"))?.state === "attention");
    await drain();
    expect((await readEntry("f1"))?.state).toBe("waiting");
    const entry = await readEntry("s1");
    if (entry) await drawn(<EntryCard entry={entry} />);
    expect(buttons()).toContain("按最新情况再提交");
  });

  it("names its fields as people do, and the photo that is wrong", async () => {
    const fields = [{ pointer: "/until", code: "out-of-range" as const }];
    const entry = fix({ after: null, state: "attention", setback: setback("invalid-fields", { fields }) });
    expect(await drawn(<EntryCard entry={entry} />)).toContain("申请延期至：超出范围");
    expect(root.textContent).not.toContain("/until");
    const other = [{ pointer: "/x/0/y", code: "malformed" as const }];
    await drawn(<EntryCard entry={{ ...entry, setback: setback("invalid-fields", { fields: other }) }} />);
    expect(root.querySelector("li")?.textContent).toBe("格式不对");
    const photos = [photoRef("p1"), { ...photoRef("p2"), view: "near" as const }];
    const broken = { ...reportEntry(), photos, state: "attention" as const };
    expect(
      await drawn(<EntryCard entry={{ ...broken, setback: setback("photo-truncated", { photoId: "p2" }) }} />),
    ).toContain("第 2 张照片（近景）");
  });
});

describe("a photo that the service refuses", () => {
  it("is kept by name with the record", async () => {
    const photos = [photoRef("p1"), photoRef("p2")];
    await keep({ ...reportEntry(), photos, isTried: false });
    await withDatabase(async (db) => {
      for (const { id } of photos) {
        const facts = { id, ownerId: "i1", type: "image/jpeg", sizeBytes: 3, chunkCount: 1, sha256: null };
        await db.put("photos", { ...facts, capturedAt: "", preview: null });
        await db.put("chunks", new ArrayBuffer(3), [id, 0]);
      }
    });
    network(({ method, path }) => {
      if (path.includes("/photos/") || path.includes("/uploads"))
        return path.includes("p2") || method === "POST" ? problem(422, "photo-unreadable") : {};
      return { body: { id: "i1", state: "receiving", version: 1, missing_photos: ["p2"], received_at: "" } };
    });
    await startOutbox("u1");
    await until(async () => (await readEntry("i1"))?.state === "attention");
    expect((await readEntry("i1"))?.setback?.photoId).toBe("p2");
  });
});

describe("a record that waits for somebody", () => {
  it("says for whom, and promises nothing", async () => {
    const waiting = { ...reportEntry(), photos: [] };
    const other = await drawn(<EntryCard entry={{ ...waiting, setback: setback("other-account") }} />);
    expect(other).toContain("本机现在登录的是另一账号，用原来的账号登录后自动发送");
    expect(other).not.toMatch(/试过|自动再试/);
    const ended = await drawn(<EntryCard entry={{ ...waiting, attempts: 2, setback: setback("not-signed-in") }} />);
    expect(ended).toContain("登录已失效，请重新登录");
    expect(ended).not.toMatch(/试过|自动再试/);
    expect(await drawn(<EntryCard entry={{ ...waiting, attempts: 2, setback: setback("offline") }} />)).toContain(
      "试过 2 次：连不上网络。会自动再试。",
    );
  });
});

describe("the record that was just saved", () => {
  const said = async () => {
    await drawn(<SavedNotice id="i1" waiting="会自动发送" />);
    await act(quiet);
    return root.textContent;
  };
  it("is called sent when it is, and not when it waits", async () => {
    entries.value = [reportEntry()];
    expect(await said()).toBe("会自动发送");
    await act(() => {
      entries.value = [{ ...reportEntry(), state: "delivered" }];
    });
    expect(root.textContent).toBe("已保存，并已送达。");
    await act(() => {
      entries.value = [{ ...reportEntry(), state: "attention" }];
    });
    expect(root.textContent).toBe("");
  });

  it("is a draft again where it was taken back, under whatever id", async () => {
    entries.value = [];
    const { draft } = toDraft(reportEntry(), () => "i2", 1);
    await withDatabase((db) => db.put("drafts", draft));
    expect(await said()).toBe("已改回草稿，还没有发送。");
  });

  it("is gone where it was removed", async () => {
    entries.value = [];
    expect(await said()).toBe("这条记录已从本机删除。");
  });
});
