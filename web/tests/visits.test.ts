import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../src/outbox/putVisit";
import type { Item, Place, Reference, VisitTask } from "../src/api/types";
import { setAccount } from "../src/api/request";
import { edit } from "../src/outbox/edit";
import type { OutboxEntry, ReportEntry, VisitEntry } from "../src/outbox/entry";
import { readinessOf } from "../src/outbox/readiness";
import { send } from "../src/outbox/send";
import type { Transport } from "../src/outbox/send";
import { toDraft } from "../src/outbox/toDraft";
import { withoutTask, withReport } from "../src/outbox/visitEntry";
import { writePackets } from "../src/packet/write";
import { reference } from "../src/session/reference";
import { closeDatabase, withDatabase } from "../src/store/database";
import { finishDraft, listDrafts, newReportDraft, writeDraft } from "../src/store/drafts";
import { mergedDraft } from "../src/store/mergeDraft";
import { readEntry } from "../src/store/outbox";
import { dropOldDelivered, KEEP_DELIVERED_MS } from "../src/store/outboxMaintenance";
import type { ReportDraft, VisitDraft } from "../src/store/records";
import { begunVisit } from "../src/visits/begin";
import {
  checklistOf,
  faultOf,
  photosLeft,
  photosOf,
  reportsOf,
  resultOf,
  withAllConforming,
  withoutResult,
  withResult,
} from "../src/visits/checklist";
import type { ItemReports } from "../src/visits/checklist";
import { bodyOf, entryOf, isTooLong } from "../src/visits/saveVisit";
import { shownTasks, taskQuery } from "../src/visits/tasks";
import { broken, network, problem } from "./network";
import { photoRef, reportEntry } from "./records";

const BEGUN = Date.parse("2026-08-03T11:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const item = (code: string, campaign: string, types: string[]) =>
  ({ code, campaign, point_types: types, title: code, title_en: code, veto: false }) as Item;
const place = { id: "pt", name: "market", type: "MKT", campaigns: ["WM"] } as Place;
const CODES = ["WM-01", "WM-02", "WS-01"];

beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  setAccount("u1");
  reference.value = {
    points: [place],
    items: [item("WM-01", "WM", ["MKT"]), item("WM-02", "WM", ["*"]), item("WM-03", "WM", ["EST"])].concat(
      item("WS-01", "WS", ["MKT"]),
    ),
    units: [],
    point_types: [],
    campaigns: [],
  } as unknown as Reference;
});
afterEach(() => {
  vi.unstubAllGlobals();
  reference.value = null;
});

const visit = (change: Partial<VisitDraft["fields"]> = {}): VisitDraft => {
  const draft = begunVisit("v1", "u1", new URLSearchParams("point=pt"), BEGUN);
  return { ...draft, updatedAt: BEGUN + 20 * MINUTE, fields: { ...draft.fields, ...change } };
};
const none: ItemReports = new Map();
const reportOn = (code: string, change: Partial<ReportEntry> = {}): ReportEntry => {
  const entry = reportEntry(change.id ?? "i1");
  const body = { ...entry.body, item_code: code, visit_id: "v1", captured_at: "2026-08-03T11:10:00Z" };
  return { ...entry, isTried: false, isReceived: false, ...change, body };
};
const failing = (entry = reportOn("WM-02")) => reportsOf("v1", [], [entry]);
const entryWith = (reports: ItemReports, change: Partial<VisitDraft["fields"]> = {}): VisitEntry =>
  entryOf(withAllConforming(visit(change), CODES), reports, CODES, BEGUN + HOUR);
const received = (entry: ReportEntry): ReportEntry => ({ ...entry, isReceived: true });

describe("the checklist of a visit", () => {
  it("has the items of the point's type, of every campaign", () => {
    expect(checklistOf(place).map(({ code }) => code)).toEqual(CODES);
  });

  it("is filled in with one tap, which leaves the exceptions as they are", () => {
    const excepted = withResult(visit(), "WM-02", "mostly");
    const { seen } = withAllConforming(excepted, CODES).fields;
    expect(CODES.map((code) => seen[code]?.result)).toEqual(["conforms", "mostly", "conforms"]);
  });

  it("asks for the photo of an item that requires one, and marks it with one tap once it is there", () => {
    const [first, ...others] = reference.value?.items ?? [];
    if (!reference.value || !first) throw new Error("no items");
    reference.value = { ...reference.value, items: [{ ...first, photo_required: true } as Item, ...others] };
    const tapped = withAllConforming(visit(), CODES);
    expect(CODES.map((code) => tapped.fields.seen[code]?.result)).toEqual([undefined, "conforms", "conforms"]);
    expect(photosLeft(tapped, none, CODES)).toEqual(["WM-01"]);
    const marked = (result: "conforms" | "mostly" | "fails" | "not-applicable") => withResult(visit(), "WM-01", result);
    const faults = (["conforms", "mostly", "fails", "not-applicable"] as const).map((result) => {
      const draft = marked(result);
      return [faultOf(draft, none, "WM-01"), photosLeft(draft, none, CODES)];
    });
    expect(faults).toEqual([
      ["photo", ["WM-01"]],
      ["photo", ["WM-01"]],
      ["report", []],
      ["note", []],
    ]);
    const shown: VisitDraft = { ...visit(), photos: [{ ...photoRef("p"), item: "WM-01" }] };
    expect(photosLeft(shown, none, CODES)).toEqual([]);
    const whole = withAllConforming(shown, CODES);
    expect(faultOf(whole, none, "WM-01")).toBeNull();
    const { body, photos } = entryOf(whole, none, CODES, BEGUN + HOUR);
    expect(body.results[0]).toMatchObject({ item_code: "WM-01", result: "conforms", photo_ids: ["p"] });
    expect(photos.map(({ id }) => id)).toEqual(["p"]);
  });

  it("keeps the words of an item whose result is changed", () => {
    const noted = visit({ seen: { "WM-01": { result: "mostly", note: "n" } } });
    expect(withResult(noted, "WM-01", "not-applicable").fields.seen["WM-01"]).toEqual({
      result: "not-applicable",
      note: "n",
    });
    expect(resultOf(withoutResult(noted, "WM-01"), none, "WM-01")).toBeNull();
  });

  it("asks for what the service asks for", () => {
    const with_ = (result: "conforms" | "mostly" | "fails" | "not-applicable", note = "") =>
      faultOf(visit({ seen: { "WM-01": { result, note } } }), none, "WM-01");
    expect([with_("conforms"), with_("mostly"), with_("fails"), with_("not-applicable")]).toEqual([
      null,
      "noteOrPhoto",
      "report",
      "note",
    ]);
    expect([with_("mostly", "n"), with_("not-applicable", "n"), with_("not-applicable", " ")]).toEqual([
      null,
      null,
      "note",
    ]);
    const shown = { ...visit({ seen: { "WM-01": { result: "mostly", note: "" } } }) };
    expect(faultOf({ ...shown, photos: [{ ...photoRef("p"), item: "WM-01" }] }, none, "WM-01")).toBeNull();
    expect(faultOf({ ...shown, photos: [{ ...photoRef("p"), item: "WM-02" }] }, none, "WM-01")).toBe("noteOrPhoto");
    expect(faultOf(shown, none, "WM-02")).toBeNull();
  });

  it("finds the report of an item by what the report says, one that is being written first", () => {
    const draft: ReportDraft = newReportDraft("i2", "u1", "pt", "", BEGUN);
    const writing = { ...draft, fields: { ...draft.fields, itemCode: "WM-02", visitId: "v1" } };
    const other = reportOn("WM-01", { id: "i3" });
    const elsewhere = { ...other, body: { ...other.body, visit_id: "v2" } };
    expect(reportsOf("v1", [], [reportOn("WM-02"), elsewhere])).toEqual(
      new Map([["WM-02", { kind: "saved", entry: reportOn("WM-02") }]]),
    );
    const both = reportsOf("v1", [writing], [reportOn("WM-02")]);
    expect(both.get("WM-02")).toEqual({ kind: "draft", draft: writing });
    expect(faultOf(visit(), both, "WM-02")).toBe("report");
    // Whatever the form remembers.
    expect(resultOf(withAllConforming(visit(), CODES), failing(), "WM-02")).toBe("fails");
    expect(faultOf(visit(), failing(), "WM-02")).toBeNull();
  });

  it("has the photos of each item", () => {
    const photos = [{ ...photoRef("a"), item: "WM-01" }, { ...photoRef("b"), item: "WM-02" }, photoRef("c")];
    expect(photosOf({ ...visit(), photos }, "WM-01").map(({ id }) => id)).toEqual(["a"]);
  });

  it("is merged item by item where two windows fill it in", () => {
    const base = visit();
    const mine = withResult(base, "WM-01", "conforms");
    const theirs = withResult(base, "WM-02", "mostly");
    const merged = mergedDraft(theirs, mine, base);
    expect(Object.keys(merged.fields.seen).sort()).toEqual(["WM-01", "WM-02"]);
  });
});

describe("the record of a visit", () => {
  it("is what the service takes, in the order of the list, with the report in it as it is sent alone", () => {
    const draft = {
      ...withAllConforming(visit({ seen: { "WS-01": { result: "not-applicable", note: " closed " } } }), CODES),
      photos: [
        { ...photoRef("a"), item: "WM-01" },
        { ...photoRef("lost"), item: "WM-02" },
      ],
    };
    const report = reportOn("WM-02");
    const entry = entryOf(draft, failing(report), CODES, BEGUN + HOUR);
    expect(entry.body).toEqual({
      point_id: "pt",
      task: null,
      began_at: "2026-08-03T11:00:00.000Z",
      ended_at: "2026-08-03T11:20:00.000Z",
      location: null,
      results: [
        { item_code: "WM-01", result: "conforms", note: "", photo_ids: ["a"] },
        { item_code: "WM-02", result: "fails", note: "", issue: { id: "i1", report: report.body } },
        { item_code: "WS-01", result: "not-applicable", note: "closed", photo_ids: [] },
      ],
      interviews: [],
    });
    // The item fails, so its report has photos of its own.
    expect(entry.photos.map(({ id }) => id)).toEqual(["a"]);
    expect(entry.awaits).toEqual(["i1"]);
    expect(entry).toMatchObject({ id: "v1", issueId: "v1", isTried: false, isReceived: false });
  });

  it("names the task that the address names, and only a whole one", () => {
    const task = { point_id: "pt", batch_id: "b1", number: 3 };
    const begun = (query: string) => begunVisit("v1", "u1", new URLSearchParams(query), BEGUN).fields;
    expect(begun(taskQuery(task))).toMatchObject({ pointId: "pt", task: { batch_id: "b1", number: 3 } });
    expect(begun("point=pt&batch=b1").task).toBeNull();
    expect(begun("point=pt&number=3").task).toBeNull();
  });

  it("leaves out what nobody looked at, and what is none of this place any more", () => {
    const body = bodyOf(visit({ seen: { "WM-01": { result: "conforms", note: "" }, gone: undefined } }), none, CODES);
    expect(body.results.map((one) => one.item_code)).toEqual(["WM-01"]);
  });

  it("ended when something was filled in or found last, however late it is saved, and within twelve hours", () => {
    const ended = (draft: VisitDraft, reports = none) => bodyOf(draft, reports, CODES).ended_at;
    expect(ended(visit())).toBe("2026-08-03T11:20:00.000Z");
    const late = reportOn("WM-02");
    const found = failing({ ...late, body: { ...late.body, captured_at: "2026-08-03T12:00:00Z" } });
    expect(ended(visit(), found)).toBe("2026-08-03T12:00:00.000Z");
    expect(ended({ ...visit(), updatedAt: BEGUN + 14 * HOUR })).toBe("2026-08-03T23:00:00.000Z");
    // The clock was set back: the service is told both times.
    expect(ended({ ...visit(), updatedAt: BEGUN - HOUR })).toBe("2026-08-03T10:00:00.000Z");
    const next = failing({ ...late, body: { ...late.body, captured_at: "2026-08-03T23:00:00.001Z" } });
    expect([isTooLong(visit(), found), isTooLong(visit(), next)]).toEqual([false, true]);
  });
});

describe("a visit in the outbox", () => {
  it("waits until the service has its reports", () => {
    const report = reportOn("WM-02");
    const entry = entryWith(failing(report));
    const ready = (all: OutboxEntry[], one: VisitEntry = entry) => readinessOf(one, all).kind;
    expect(ready([report])).toBe("blocked");
    expect(ready([{ ...report, state: "attention" }])).toBe("blocked");
    expect(ready([received(report)])).toBe("ready");
    expect(ready([{ ...report, state: "delivered" }])).toBe("ready");
    // Its report was taken back or deleted.
    expect(ready([])).toBe("blocked");
    // What was ever sent is sent again as it was.
    expect(ready([], { ...entry, isTried: true })).toBe("ready");
    expect(ready([], entryWith(none))).toBe("ready");
  });

  it("has the report as it was changed since", () => {
    const entry = entryWith(failing());
    const changed = reportOn("WM-02", { id: "i9" });
    const next = withReport(entry, changed);
    expect(next.awaits).toEqual(["i9"]);
    expect(next.body.results[1]?.issue).toEqual({ id: "i9", report: changed.body });
    expect(next.body.results[0]).toEqual(entry.body.results[0]);
    // What conforms by now has no report.
    expect(withReport(entry, reportOn("WM-01", { id: "i8" })).awaits).toEqual(["i1"]);
  });

  it("follows a report that is saved again, until it was sent", async () => {
    const saved = async (isTried: boolean) => {
      await withDatabase((db) => db.put("outbox", { ...entryWith(failing()), isTried }));
      const draft = newReportDraft("i9", "u1", "pt", "", BEGUN);
      await withDatabase((db) => db.delete("outbox", "i9"));
      await finishDraft(draft, () => reportOn("WM-02", { id: "i9", photos: [] }));
      return ((await readEntry("v1")) as VisitEntry).awaits;
    };
    expect(await saved(false)).toEqual(["i9"]);
    expect(await saved(true)).toEqual(["i1"]);
  });

  it("is sent with what the service misses, and delivered when it misses nothing", async () => {
    const entry = {
      ...entryWith(none),
      photos: [photoRef("a")],
      body: { ...entryWith(none).body, results: [] },
    };
    const photos: string[] = [];
    const calls = network(() => ({ body: { missing_photos: photos.length === 0 ? ["a"] : [] } }));
    const transport = {
      received: vi.fn(async () => undefined),
      originalsWait: () => false,
      readOriginal: async () => new Blob(["x"]),
      sendPhoto: async (id: string) => photos.push(id),
      photoSent: async () => undefined,
      progress: () => undefined,
    } as unknown as Transport;
    const receipt = await send(entry, transport);
    expect(photos).toEqual(["a"]);
    expect(calls.map(({ method, path }) => `${method} ${path}`)).toEqual(["PUT /visits/v1", "PUT /visits/v1"]);
    expect(calls[0]?.headers["Anfang-Account"]).toBe("u1");
    expect(calls[0]?.body).toEqual(JSON.parse(JSON.stringify(entry.body)));
    expect(transport.received).toHaveBeenCalledTimes(1);
    expect(receipt).toMatchObject({ number: null });
  });

  it("becomes a draft again with its id and everything that was filled in", () => {
    const task = { batch_id: "b1", number: 3 };
    const interviews = [{ age_band: "35-59" as const, answered: 5, right: 4 }];
    const entry = entryWith(failing(), { task, interviews });
    const { draft, photoIds } = toDraft({ ...entry, isTried: true }, () => "new", BEGUN + HOUR);
    expect(photoIds.size).toBe(0);
    expect(draft).toMatchObject({ kind: "visit", id: "v1", createdAt: BEGUN, fields: { task, interviews } });
    const again = entryOf({ ...(draft as VisitDraft), updatedAt: BEGUN + 20 * MINUTE }, failing(), CODES, BEGUN + HOUR);
    expect(again).toEqual(entry);
  });

  it("goes without its task once that is over", () => {
    const refused: VisitEntry = {
      ...entryWith(none, { task: { batch_id: "b1", number: 3 } }),
      state: "attention",
      attempts: 1,
      isTried: true,
    };
    expect(withoutTask(refused, 7)).toMatchObject({ state: "waiting", nextAt: 7, setback: null, body: { task: null } });
  });

  const taken = async (change: Partial<VisitEntry>) => {
    await withDatabase((db) => db.put("outbox", { ...entryWith(none), ...change }));
    const said = await edit("v1");
    const left = (await readEntry("v1")) as VisitEntry | undefined;
    return [said === null, (await listDrafts("u1")).length, left?.isReceived ?? null];
  };
  it("is taken back without asking anybody when it was never sent, or was refused", async () => {
    network(broken);
    expect(await taken({})).toEqual([true, 1, null]);
    await withDatabase((db) => db.clear("drafts"));
    const setback = { code: "invalid-fields" as const, requestId: null, fields: [], retryAfterMs: null };
    expect(await taken({ isTried: true, state: "attention", setback })).toEqual([true, 1, null]);
  });
  it("that may have arrived is asked for, and stays if it has", async () => {
    const answers = { status: 200, body: { missing_photos: [] } };
    network(() => answers);
    expect(await taken({ isTried: true })).toEqual([false, 0, true]);
    network(broken);
    expect(await taken({ isTried: true })).toEqual([false, 0, false]);
    network(({ path }) => (path === "/visits/v1" ? problem(404, "not-found") : { body: {} }));
    expect(await taken({ isTried: true })).toEqual([true, 1, null]);
  });

  it("keeps its delivered reports on the device while it is here", async () => {
    const old = { ...reportOn("WM-02"), state: "delivered" as const, deliveredAt: 1 };
    const put = (entry: OutboxEntry) => withDatabase((db) => db.put("outbox", entry));
    await put(old);
    await writeDraft(visit());
    await dropOldDelivered("u1", KEEP_DELIVERED_MS * 2);
    expect(await readEntry("i1")).toBeDefined();
    await withDatabase((db) => db.clear("drafts"));
    await put(entryWith(failing()));
    await dropOldDelivered("u1", KEEP_DELIVERED_MS * 2);
    expect(await readEntry("i1")).toBeDefined();
    await withDatabase((db) => db.delete("outbox", "v1"));
    await dropOldDelivered("u1", KEEP_DELIVERED_MS * 2);
    expect(await readEntry("i1")).toBeUndefined();
  });

  it("is carried to another phone without awaiting there what was delivered here", async () => {
    await withDatabase((db) => db.put("outbox", { ...reportOn("WM-02"), state: "delivered" }));
    await withDatabase((db) => db.put("outbox", entryWith(failing())));
    await writeDraft({ ...visit({ seen: { "WM-01": { result: "conforms", note: "" } } }), id: "v2" });
    await writeDraft({ ...visit(), id: "v3" });
    const account = { id: "u1", username: "i", display_name: "I", role: "inspector" as const };
    const [packet] = await writePackets(account, BEGUN);
    const text = await new Promise<string>((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(String(reader.result));
      if (packet) reader.readAsText(packet.file);
    });
    const lines = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { record?: { kind: string; app: VisitEntry }; draft?: VisitDraft });
    expect(lines.flatMap(({ record }) => (record ? [record.kind, record.app.awaits] : []))).toEqual(["visit", []]);
    // A form that was only opened is no visit.
    expect(lines.flatMap(({ draft }) => (draft ? [draft.id] : []))).toEqual(["v2"]);
  });
});

describe("the tasks", () => {
  const task: VisitTask = {
    batch_id: "b1",
    number: 3,
    point_id: "pt",
    from: "2026-08-03T11:00:00Z",
    to: "2026-08-03T13:00:00Z",
    code_name: "c",
    with: null,
  };
  const of = { task: { batch_id: "b1", number: 3 } };
  it("are there until their slot is over, without a network too", () => {
    expect(shownTasks([task], [], [], BEGUN)).toEqual([{ task, draft: null, entry: null }]);
    expect(shownTasks([task], [], [], Date.parse(task.to) - 1)).toHaveLength(1);
    expect(shownTasks([task], [], [], Date.parse(task.to))).toEqual([]);
  });
  it("stay while their visit is being filled in or waits to be sent, and go when it was delivered", () => {
    const over = Date.parse(task.to);
    expect(shownTasks([task], [visit(of)], [], over)).toEqual([{ task, draft: visit(of), entry: null }]);
    const entry = entryWith(none, of);
    expect(shownTasks([task], [], [entry], over)).toEqual([{ task, draft: null, entry }]);
    expect(shownTasks([task], [], [{ ...entry, state: "delivered" }], BEGUN)).toEqual([]);
    // Another task at the same point.
    expect(shownTasks([{ ...task, number: 4 }], [visit(of)], [entry], over)).toEqual([]);
  });
});
