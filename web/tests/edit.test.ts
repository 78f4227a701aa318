import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerBody, FORMS, formOf } from "../src/answer/forms";
import type { AnswerAction } from "../src/actions";
import { setAccount } from "../src/api/request";
import { saveReport } from "../src/inspector/saveReport";
import { edit } from "../src/outbox/edit";
import { toDraft } from "../src/outbox/toDraft";
import type { AnswerEntry, OutboxEntry, ReportEntry } from "../src/outbox/entry";
import { route } from "../src/router";
import { closeDatabase, withDatabase } from "../src/store/database";
import { CHUNK_BYTES, listDrafts, newAnswerDraft, writeDraft } from "../src/store/drafts";
import { readOriginal } from "../src/store/originals";
import { advance, listEntries, readEntry } from "../src/store/outbox";
import { reopen } from "../src/store/reopen";
import type { AnswerDraft, AnswerFields, PhotoRef, ReportDraft } from "../src/store/records";
import { broken, network, problem, until } from "./network";
import type { Asked } from "./network";
import { answerEntry, photoRef, reportEntry } from "./records";

const LENGTH = CHUNK_BYTES * 2 + 7;
const bytesOf = (salt: number) => Uint8Array.from({ length: LENGTH }, (_, at) => (at * salt) % 251);

/** The record with all its photos on this device. */
async function keep<E extends OutboxEntry>(entry: E): Promise<E> {
  const photos = entry.photos.map((photo) => ({ ...photo, sizeBytes: LENGTH }));
  await withDatabase(async (db) => {
    await db.put("outbox", { ...entry, photos });
    for (const [at, { id }] of photos.entries()) {
      await db.put("photos", {
        id,
        ownerId: entry.id,
        type: "image/jpeg",
        sizeBytes: LENGTH,
        chunkCount: 3,
        sha256: null,
        capturedAt: "",
        preview: null,
      });
      const { buffer } = bytesOf(at + 3);
      for (let index = 0; index < 3; index += 1)
        await db.put("chunks", buffer.slice(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES), [id, index]);
    }
  });
  return { ...entry, photos };
}
async function whole(photos: PhotoRef[]): Promise<boolean[]> {
  return Promise.all(
    photos.map(async ({ id }, at) => {
      const blob = await readOriginal(id);
      return blob !== null && Buffer.from(await blob.arrayBuffer()).equals(Buffer.from(bytesOf(at + 3)));
    }),
  );
}
const counts = () =>
  withDatabase(async (db) => [
    await db.count("drafts"),
    await db.count("outbox"),
    await db.count("photos"),
    await db.count("chunks"),
  ]);
const refused = (change: Partial<ReportEntry> = {}): ReportEntry => ({
  ...reportEntry(),
  isTried: true,
  isReceived: false,
  state: "attention",
  attempts: 1,
  setback: { code: "invalid-fields", requestId: null, fields: [], retryAfterMs: null },
  ...change,
});
/** The reference data is fetched too, because a place may be out of use. */
const aboutIssues = (calls: Asked[]) => calls.filter(({ path }) => path !== "/reference");
const onlyDraft = async () => (await listDrafts("u1"))[0] as ReportDraft;

beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  setAccount("u1");
});
afterEach(() => vi.unstubAllGlobals());

describe("a report taken back to be changed", () => {
  it("keeps its id while nothing of it was ever sent, and becomes the same report again", async () => {
    const entry = await keep({
      ...reportEntry(),
      isTried: false,
      isReceived: false,
      body: { ...reportEntry().body, description: "堵塞", location: { lat: 1, lon: 2 } },
    });
    const calls = network(broken);
    expect(await edit("i1")).toBeNull();
    expect(await counts()).toEqual([1, 0, 2, 6]);
    const draft = await onlyDraft();
    expect(draft.id).toBe("i1");
    await until(() => route.value.path[0] === "report");
    expect(route.value.path).toEqual(["report", "i1"]);
    expect(await whole(draft.photos)).toEqual([true, true]);
    await saveReport({
      ...draft,
      photos: draft.photos.map((photo, at) => ({ ...photo, view: at === 0 ? ("far" as const) : ("near" as const) })),
    });
    const again = (await readEntry("i1")) as ReportEntry;
    expect({ ...again.body, photos: again.body.photos.map(({ id, view }) => ({ id, view })) }).toEqual({
      ...entry.body,
      captured_at: "2026-08-03T07:04:11.000Z",
      visit_id: null,
    });
    expect(aboutIssues(calls)).toEqual([]);
  });

  it("has a new id once it was refused, and its photos as they are: the service has none of them", async () => {
    await keep(refused());
    const calls = network(broken);
    expect(await edit("i1")).toBeNull();
    const draft = await onlyDraft();
    expect(draft.id).not.toBe("i1");
    expect(draft.photos.map(({ id }) => id)).toEqual(["p1", "p2"]);
    expect(await counts()).toEqual([1, 0, 2, 6]);
    expect(aboutIssues(calls)).toEqual([]);
  });

  it("has new photos where the service waits for the old ones, moved and not copied", async () => {
    await keep(refused({ isReceived: true, sentPhotos: ["p1"] }));
    network(() => ({
      body: {
        missing_photos: ["p2"],
        state: "receiving",
        version: 1,
        number: null,
        submitted_at: null,
        received_at: "",
      },
    }));
    expect(await edit("i1")).toBeNull();
    const draft = await onlyDraft();
    expect(draft.photos.map(({ id }) => id)).not.toContain("p1");
    expect(await whole(draft.photos)).toEqual([true, true]);
    // The step that withdraws the old one is the only record.
    expect(await counts()).toEqual([1, 1, 2, 6]);
  });

  it("that got no answer is asked for first, and stays where the service has it whole", async () => {
    const waiting = { isTried: true, isReceived: false, state: "waiting", setback: null } as const;
    const found = (missing_photos: string[]) => ({
      body: {
        missing_photos,
        state: "submitted",
        version: 1,
        number: null,
        submitted_at: "2026-08-03T08:00:00Z",
        received_at: "",
      },
    });
    await keep(refused(waiting));
    const calls = network(broken);
    expect(await edit("i1")).toContain("联网");
    network(() => ({ status: 404, body: "<html>" }));
    expect(await edit("i1")).toContain("联网");
    expect(await counts()).toEqual([0, 1, 2, 6]);
    network(() => found([]));
    expect(await edit("i1")).toContain("已送达");
    expect(await readEntry("i1")).toMatchObject({ state: "delivered", receipt: { at: "2026-08-03T08:00:00Z" } });
    expect(await edit("i1")).toContain("已送达");
    expect(await listDrafts("u1")).toEqual([]);
    expect(calls[0]?.headers["Anfang-Account"]).toBe("u1");
  });

  it("that never arrived is a draft under a new id", async () => {
    await keep(refused({ state: "waiting", setback: null }));
    network(() => problem(404, "not-found"));
    expect(await edit("i1")).toBeNull();
    expect((await onlyDraft()).id).not.toBe("i1");
  });

  it("of an older app is asked for though it says of no sending", async () => {
    const { isTried: _, isReceived: __, ...old } = refused({ state: "waiting", attempts: 0, setback: null });
    await keep(old as ReportEntry);
    const calls = network(broken);
    expect(await edit("i1")).toContain("联网");
    expect(aboutIssues(calls)).toHaveLength(1);
  });
});

describe("taking it back", () => {
  it("is all or nothing: what dies in the middle leaves the record and its photos", async () => {
    const entry = await keep(refused({ isReceived: true }));
    await expect(
      reopen(entry, (now) => {
        const { draft, photoIds } = toDraft(now, () => crypto.randomUUID(), 1);
        // A value that cannot be stored aborts the transaction after the photos were moved.
        return { draft: { ...draft, title: (() => "") as unknown as string }, photoIds };
      }),
    ).rejects.toThrow();
    expect(await counts()).toEqual([0, 1, 2, 6]);
    expect(await whole(entry.photos)).toEqual([true, true]);
  });

  it("is done once, by a double tap or from two tabs", async () => {
    const entry = await keep(refused());
    const twice = await Promise.all(
      [1, 2].map(() => reopen(entry, (now) => toDraft(now, () => crypto.randomUUID(), 1))),
    );
    expect(twice.map(({ kind }) => kind).sort()).toEqual(["draft", "gone"]);
    expect(await counts()).toEqual([1, 0, 2, 6]);
  });

  it("leaves alone what another page sends, has sent since, or has delivered", async () => {
    const seen = await keep(refused({ state: "waiting" }));
    const again = () => reopen(seen, (now) => toDraft(now, () => "n", 1)).then(({ kind }) => kind);
    await advance("i1", { kind: "started", key: "k" });
    expect(await again()).toBe("sending");
    await advance("i1", {
      kind: "failed",
      setback: { code: "timeout", requestId: null, fields: [], retryAfterMs: null },
      at: 5,
      chance: 0,
    });
    expect(await again()).toBe("sending");
    await advance("i1", {
      kind: "delivered",
      receipt: { at: "", state: "submitted", version: 1, number: null },
      at: 5,
    });
    expect(await again()).toBe("delivered");
    expect(await counts()).toEqual([0, 1, 2, 6]);
  });
});

describe("a step taken back to be changed", () => {
  const step = (change: Partial<AnswerEntry> = {}): AnswerEntry => ({
    ...answerEntry(),
    isTried: true,
    state: "attention",
    key: "k1",
    setback: { code: "invalid-fields", requestId: null, fields: [], retryAfterMs: null },
    ...change,
  });

  it("becomes another record with another key, its photos as they are", async () => {
    await keep(step());
    const calls = network(broken);
    expect(await edit("a1")).toBeNull();
    const [draft] = (await listDrafts("u1")) as AnswerDraft[];
    expect(draft).toMatchObject({ issueId: "i1", action: "report-fix", fields: { text: "m", remedy: "quick" } });
    expect(draft?.entryId).not.toBe("a1");
    expect(draft?.photos.map(({ id }) => id)).toEqual(["p1", "p2"]);
    expect(await counts()).toEqual([1, 0, 2, 6]);
    await until(() => route.value.path[0] === "issue");
    expect(route.value.path).toEqual(["issue", "i1", "report-fix"]);
    expect(aboutIssues(calls)).toEqual([]);
  });

  it("has new photos where an id of theirs names something else", async () => {
    const entry = await keep(step({ setback: { code: "id-reused", requestId: null, fields: [], retryAfterMs: null } }));
    expect(await edit("a1")).toBeNull();
    const [draft] = await listDrafts("u1");
    expect(draft?.photos.map(({ id }) => id)).not.toContain(entry.photos[0]?.id);
    expect(await whole(draft?.photos ?? [])).toEqual([true, true]);
  });

  it("is not put over a draft of the same step", async () => {
    await keep(step());
    const begun = newAnswerDraft({ userId: "u1", issueId: "i1", title: "t", action: "report-fix", version: 9 }, 1);
    await writeDraft({ ...begun, fields: { ...begun.fields, text: "mine" } });
    expect(await edit("a1")).toContain("草稿");
    expect(await listEntries("u1")).toHaveLength(1);
    expect(((await listDrafts("u1"))[0] as AnswerDraft).fields.text).toBe("mine");
  });

  it("says again what it said, whichever step it is", () => {
    const fields: AnswerFields = {
      text: "words",
      remedy: "timed",
      handler: "Li",
      unitId: "u2",
      until: "2026-08-09T01:00:00Z",
      onSite: false,
      held: false,
      itemCode: "WM-07",
      severity: "high",
      plan: [{ text: "plan", due: "2026-09-01" }],
    };
    for (const action of Object.keys(FORMS) as AnswerAction[]) {
      const begun = newAnswerDraft({ userId: "u1", issueId: "i1", title: "t", action, version: 4 }, 1);
      const body = answerBody(action, {
        ...begun,
        fields,
        photos: formOf(action).views.length > 0 ? [photoRef("p1")] : [],
      });
      const entry: AnswerEntry = {
        ...step(),
        action,
        body,
        photos: formOf(action).views.length > 0 ? [photoRef("p1")] : [],
      };
      expect(answerBody(action, toDraft(entry, () => "n", 1).draft as AnswerDraft), action).toEqual(body);
    }
  });
});
