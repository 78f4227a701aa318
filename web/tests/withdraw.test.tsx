// @vitest-environment happy-dom
// A report with missing photos that is changed or deleted on the phone: what the service has of it is withdrawn.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { render } from "preact";
import { act } from "preact/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loggedOut, setAccount } from "../src/api/request";
import { saveReport } from "../src/inspector/saveReport";
import "../src/outbox/inPieces";
import "../src/outbox/lease";
import "../src/outbox/refusal";
import { drain, sendNow, startOutbox, stopOutbox } from "../src/outbox/drain";
import { edit } from "../src/outbox/edit";
import { EntryCard } from "../src/outbox/EntryCard";
import type { AnswerEntry, OutboxEntry, ReportEntry } from "../src/outbox/entry";
import { forgetReference } from "../src/session/reference";
import { session } from "../src/session/session";
import { closeDatabase, withDatabase } from "../src/store/database";
import { listDrafts } from "../src/store/drafts";
import { listEntries, readEntry } from "../src/store/outbox";
import type { ReportDraft } from "../src/store/records";
import "../src/texts/withForms";
import { broken, network, problem, quiet, until } from "./network";
import type { Answered, Asked } from "./network";
import { photoRef, reportEntry } from "./records";

let root = document.createElement("div");
beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  root = document.createElement("div");
  document.body.replaceChildren(root);
  loggedOut.value = false;
  setAccount("u1");
  session.value = { user: { id: "u1", role: "inspector" }, mustChangePassword: false, permissions: [] } as never;
});
afterEach(async () => {
  render(null, root);
  stopOutbox();
  forgetReference();
  await quiet();
  vi.unstubAllGlobals();
});

/** The service has it, and has refused its second photo. */
const refused = (change: Partial<ReportEntry> = {}): ReportEntry => ({
  ...reportEntry(),
  photos: [photoRef("p1"), photoRef("p2")],
  isTried: true,
  isReceived: true,
  state: "attention",
  attempts: 1,
  sentPhotos: ["p1"],
  setback: { code: "photo-truncated", requestId: null, fields: [], retryAfterMs: null, photoId: "p2" },
  ...change,
});
async function keep<E extends OutboxEntry>(entry: E): Promise<E> {
  await withDatabase(async (db) => {
    await db.put("outbox", entry);
    for (const { id } of entry.photos) {
      const photo = { id, ownerId: entry.id, type: "image/jpeg", sizeBytes: 3, chunkCount: 1 };
      await db.put("photos", { ...photo, sha256: null, capturedAt: "", preview: null });
      await db.put("chunks", Uint8Array.of(1, 2, 3).buffer, [id, 0]);
    }
  });
  return entry;
}
const counts = () =>
  withDatabase(async (db) => [await db.count("drafts"), await db.count("outbox"), await db.count("photos")]);
const withdrawal = async () =>
  (await listEntries("u1")).find((entry): entry is AnswerEntry => entry.kind === "answer") as AnswerEntry;
const onlyDraft = async () => (await listDrafts("u1"))[0] as ReportDraft;
/** The changed report, saved again. */
async function saveAgain(): Promise<string> {
  const draft = await onlyDraft();
  await saveReport({ ...draft, fields: { ...draft.fields, description: "changed" } });
  return draft.id;
}
const receiving = (change: object = {}) => ({
  id: "i1",
  state: "receiving",
  version: 1,
  number: null,
  missing_photos: ["p2"],
  received_at: "2026-08-03T08:00:00Z",
  submitted_at: null,
  allowed_actions: ["withdraw"],
  ...change,
});
const submitted = (change: object = {}) =>
  receiving({ state: "submitted", version: 2, missing_photos: [], allowed_actions: [], ...change });
/** A service with the old report as `old`; it takes every other report whole. */
const service = (old: (asked: Asked) => Answered) =>
  network((asked) => {
    if (asked.path.startsWith("/issues/i1")) return old(asked);
    return asked.path.startsWith("/issues/") ? { body: submitted({ version: 1 }) } : broken();
  });
const said = (calls: Asked[]) =>
  calls.filter(({ path }) => path.startsWith("/issues")).map(({ method, path }) => `${method} ${path}`);
const online = (is: boolean) => vi.spyOn(navigator, "onLine", "get").mockReturnValue(is);
async function drawn(entry: OutboxEntry): Promise<string> {
  await act(() => render(<EntryCard entry={entry} />, root));
  return root.textContent ?? "";
}
const button = (words: string) =>
  Array.from(root.querySelectorAll("button")).find((one) => one.textContent === words) as HTMLButtonElement;
const press = async (words: string) => {
  await act(() => button(words).click());
  await act(quiet);
};

describe("a report that the service waits for, taken back to be changed", () => {
  it("is withdrawn, also without a network: the step is queued with the draft", async () => {
    await keep(refused());
    network(broken);
    expect(await edit("i1")).toBeNull();
    expect(await counts()).toEqual([1, 1, 2]);
    const step = await withdrawal();
    expect(step).toMatchObject({
      action: "withdraw",
      issueId: "i1",
      version: 1,
      body: {},
      photos: [],
      state: "waiting",
      isTried: false,
      title: "t",
      userId: "u1",
    });
    expect(step.key).toBe(step.id);
    expect(step.id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await onlyDraft()).replaces).toEqual(["i1"]);
  });

  it("is withdrawn while it waits for its photos to be sent, too", async () => {
    await keep(refused({ state: "waiting", setback: null }));
    network(() => ({ body: receiving() }));
    expect(await edit("i1")).toBeNull();
    expect(await withdrawal()).toMatchObject({ action: "withdraw", issueId: "i1" });
  });

  it.each([
    ["was never sent", { isTried: false, isReceived: false, state: "waiting" }],
    ["was refused itself", { isReceived: false }],
  ] as [string, Partial<ReportEntry>][])("is not withdrawn where it %s", async (_, change) => {
    await keep(refused({ setback: null, ...change }));
    network(broken);
    expect(await edit("i1")).toBeNull();
    expect(await counts()).toEqual([1, 0, 2]);
  });

  it("is not withdrawn where the service has none, or has it void", async () => {
    for (const answer of [problem(404, "not-found"), { body: receiving({ state: "void", allowed_actions: [] }) }]) {
      await keep(refused());
      network(() => answer);
      expect(await edit("i1")).toBeNull();
      expect(await listEntries("u1")).toEqual([]);
      await withDatabase((db) => db.clear("drafts"));
    }
  });

  it("stays where it is complete after all", async () => {
    await keep(refused());
    network(() => ({ body: submitted() }));
    expect(await edit("i1")).toContain("已送达");
    expect(await listEntries("u1")).toHaveLength(1);
    expect(await listDrafts("u1")).toEqual([]);
  });
});

describe("its withdrawal", () => {
  /** Changed without a network and saved again; then the service is there. */
  async function changed(old: (asked: Asked) => Answered): Promise<{ calls: Asked[]; next: string }> {
    await keep(refused());
    network(broken);
    await edit("i1");
    online(false);
    const next = await saveAgain();
    await quiet();
    online(true);
    return { calls: service(old), next };
  }

  it("goes before the changed report, and each once", async () => {
    const { calls, next } = await changed(() => ({ body: receiving({ state: "void", version: 2 }) }));
    await startOutbox("u1");
    await until(async () => (await readEntry(next))?.state === "delivered");
    await drain();
    expect(said(calls)).toEqual(["POST /issues/i1/actions/withdraw", `PUT /issues/${next}`]);
    const step = await withdrawal();
    expect(calls[0]?.headers).toMatchObject({ "If-Match": '"1"', "Idempotency-Key": step.id, "Anfang-Account": "u1" });
    expect(step).toMatchObject({ state: "delivered", receipt: { state: "void" } });
    expect(await drawn(step)).toContain("原上报已撤回");
  });

  it("is waited for by the changed report, and comes again under the same key", async () => {
    const { calls, next } = await changed(() => problem(503, "unavailable"));
    await startOutbox("u1");
    await until(async () => (await withdrawal()).attempts > 0);
    await drain();
    expect(said(calls)).toEqual(["POST /issues/i1/actions/withdraw"]);
    expect((await readEntry(next))?.state).toBe("waiting");
    const again = service(() => ({ body: receiving({ state: "void", version: 2 }) }));
    await sendNow((await listEntries("u1")).map(({ id }) => id));
    await until(async () => (await readEntry(next))?.state === "delivered");
    expect(again[0]?.headers["Idempotency-Key"]).toBe(calls[0]?.headers["Idempotency-Key"]);
  });

  it("is done where the report is void already, with nothing in red", async () => {
    const { next } = await changed(({ method }) =>
      method === "POST"
        ? problem(409, "issue-illegal-transition")
        : { body: receiving({ state: "void", version: 2, allowed_actions: [] }) },
    );
    await startOutbox("u1");
    await until(async () => (await readEntry(next))?.state === "delivered");
    expect(await withdrawal()).toMatchObject({ state: "delivered", receipt: { state: "void" }, setback: null });
  });

  it("is done where the service has no such report", async () => {
    const { next } = await changed(() => problem(404, "not-found"));
    await startOutbox("u1");
    await until(async () => (await readEntry(next))?.state === "delivered");
    expect((await withdrawal()).state).toBe("delivered");
  });

  it("is taken on the version of now where that is another", async () => {
    const { calls, next } = await changed(({ method, headers }) => {
      if (method === "GET") return { body: receiving({ version: 3 }) };
      return headers["If-Match"] === '"3"'
        ? { body: receiving({ state: "void", version: 4 }) }
        : problem(412, "stale-version");
    });
    await startOutbox("u1");
    await until(async () => (await readEntry(next))?.state === "delivered");
    expect(await withdrawal()).toMatchObject({ state: "delivered", receipt: { state: "void" } });
    expect(said(calls).filter((one) => one.startsWith("POST"))).toHaveLength(2);
  });

  it("says that the old one arrived where it was completed, and holds the changed one for a decision", async () => {
    const { calls, next } = await changed(({ method }) =>
      method === "POST" ? problem(412, "stale-version") : { body: submitted() },
    );
    await startOutbox("u1");
    await until(async () => (await readEntry(next))?.state === "attention");
    await drain();
    expect(said(calls)).not.toContain(`PUT /issues/${next}`);
    const step = await withdrawal();
    expect(step).toMatchObject({ state: "delivered", receipt: { state: "submitted" }, setback: null });
    expect(await drawn(step)).toContain("没有撤回");
    const held = (await readEntry(next)) as ReportEntry;
    expect(held.setback?.code).toBe("old-arrived");
    expect(await drawn(held)).toContain("原上报的照片已收齐并送达");
    expect(root.querySelector("a[href='#/issue/i1']")).not.toBeNull();
    // Trying all again is no decision.
    await sendNow([next]);
    await until(async () => (await readEntry(next))?.state === "attention");
    expect(said(calls)).not.toContain(`PUT /issues/${next}`);
    await drawn((await readEntry(next)) as ReportEntry);
    await press("仍要上报");
    await until(async () => (await readEntry(next))?.state === "delivered");
    expect(said(calls).filter((one) => one.startsWith("PUT"))).toEqual([`PUT /issues/${next}`]);
  });

  it("has nothing that could be changed, and says what it is", async () => {
    await changed(() => ({}));
    expect(await drawn(await withdrawal())).toContain("服务器还没收齐照片");
    expect(button("修改")).toBeUndefined();
  });
});

describe("a report that the service waits for, deleted", () => {
  const remove = async (entry: OutboxEntry) => {
    await drawn(entry);
    await press("删除");
    const question = root.textContent ?? "";
    await act(() => (root.querySelector("[role=alert] .button-danger") as HTMLButtonElement).click());
    await act(quiet);
    return question;
  };

  it("is withdrawn, and gone from the phone with its photos", async () => {
    const entry = await keep(refused());
    online(false);
    network(broken);
    expect(await remove(entry)).toContain("撤回");
    await until(async () => (await readEntry("i1")) === undefined);
    expect(await counts()).toEqual([0, 1, 0]);
    online(true);
    const calls = service(() => ({ body: receiving({ state: "void", version: 2 }) }));
    await startOutbox("u1");
    await until(async () => (await withdrawal()).state === "delivered");
    expect(said(calls)).toEqual(["POST /issues/i1/actions/withdraw"]);
  });

  it("that the service has refused itself is only gone", async () => {
    const entry = await keep(refused({ isReceived: false, setback: null }));
    network(broken);
    expect(await remove(entry)).not.toContain("撤回");
    await until(async () => (await readEntry("i1")) === undefined);
    expect(await counts()).toEqual([0, 0, 0]);
  });
});
