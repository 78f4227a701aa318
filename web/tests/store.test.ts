import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { IDBFactory } from "fake-indexeddb";
import { closeDatabase, withDatabase } from "../src/store/database";
import {
  addPhoto,
  CHUNK_BYTES,
  discardDraft,
  DraftFinished,
  finishDraft,
  newReportDraft,
  PhotoLost,
  readDraft,
  removePhoto,
  withPhoto,
  writeDraft,
} from "../src/store/drafts";
import { takeOpen } from "../src/store/openDraft";
import { closeOpen } from "../src/store/markOpen";
import { readOriginal } from "../src/store/originals";
import { reopen } from "../src/store/reopen";
import { advance, listEntries, readEntry, removeEntry } from "../src/store/outbox";
import { dropOldDelivered, KEEP_DELIVERED_MS } from "../src/store/outboxMaintenance";
import type { OutboxEntry } from "../src/outbox/entry";
import type { Draft } from "../src/store/records";
import { photoRef, reportEntry } from "./records";

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251).buffer;

async function draftWithPhoto(length: number) {
  const draft = newReportDraft("i1", "u1", "pt", "t", 1);
  const ref = { ...photoRef("p1"), sizeBytes: length };
  const stored = {
    id: "p1",
    ownerId: "i1",
    type: "image/jpeg",
    sizeBytes: length,
    chunkCount: Math.ceil(length / CHUNK_BYTES),
    sha256: null,
    capturedAt: "",
    preview: null,
  };
  await addPhoto(draft, ref, stored, bytesOf(length));
  return withPhoto(draft, ref);
}
const stored = (id: string) => ({
  id,
  ownerId: "i1",
  type: "image/jpeg",
  sizeBytes: 3,
  chunkCount: 1,
  sha256: null,
  capturedAt: "",
  preview: null,
});
const entryFor = (draft: Draft): OutboxEntry => ({ ...reportEntry(draft.id), photos: draft.photos });

beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
});

describe("what is on the device", () => {
  it("gives back the very bytes of an original, across pieces", async () => {
    const length = CHUNK_BYTES * 2 + 17;
    await draftWithPhoto(length);
    const blob = await readOriginal("p1");
    expect(blob?.size).toBe(length);
    const read = Buffer.from(await (blob as Blob).arrayBuffer());
    expect(read.equals(Buffer.from(bytesOf(length)))).toBe(true);
  });

  it("turns a draft into a record to send, and leaves no draft", async () => {
    await finishDraft(await draftWithPhoto(10), entryFor);
    expect(await readDraft("i1")).toBeUndefined();
    expect((await listEntries("u1")).map((entry) => entry.id)).toEqual(["i1"]);
  });

  it("keeps the draft when a piece of a photo is missing", async () => {
    const draft = await draftWithPhoto(CHUNK_BYTES + 1);
    await withDatabase((db) => db.delete("chunks", ["p1", 1]));
    await expect(finishDraft(draft, entryFor)).rejects.toBeInstanceOf(PhotoLost);
    expect(await readDraft("i1")).toBeDefined();
    expect(await listEntries("u1")).toEqual([]);
    expect(await readOriginal("p1")).toBeNull();
  });

  it("is one record however often it is finished, and never put over a delivered one", async () => {
    const draft = await draftWithPhoto(10);
    await Promise.all([finishDraft(draft, entryFor), finishDraft(draft, entryFor)]);
    expect(await listEntries("u1")).toHaveLength(1);
    await advance("i1", {
      kind: "delivered",
      receipt: { at: "", state: "submitted", version: 1, number: null },
      at: 5,
    });
    await finishDraft(draft, entryFor);
    // A late key or photo must not bring the draft back either.
    await expect(writeDraft(draft)).rejects.toBeInstanceOf(DraftFinished);
    await expect(addPhoto(draft, photoRef("p2"), { ...stored("p2"), sizeBytes: 3 }, bytesOf(3))).rejects.toBeInstanceOf(
      DraftFinished,
    );
    expect(await readOriginal("p2")).toBeNull();
    expect((await readEntry("i1"))?.state).toBe("delivered");
    expect(await readDraft("i1")).toBeUndefined();
  });

  it("keeps what was typed while a photo was written, and both of two photos", async () => {
    const draft = newReportDraft("i1", "u1", "pt", "t", 1);
    await writeDraft(draft);
    // Both start from the draft without photos, as two quick choices do.
    await Promise.all(["p1", "p2"].map((id) => addPhoto(draft, photoRef(id), stored(id), bytesOf(3))));
    const typed = {
      ...draft,
      fields: { ...draft.fields, description: "堵塞" },
      photos: [{ ...photoRef("p1"), view: "near" as const }],
    };
    await writeDraft(typed);
    const kept = await readDraft("i1");
    expect(kept?.photos.map((photo) => [photo.id, photo.view])).toEqual([
      ["p1", "near"],
      ["p2", "far"],
    ]);
    expect(kept?.fields).toMatchObject({ description: "堵塞" });
    await removePhoto(typed, "p1");
    expect((await readDraft("i1"))?.photos.map((photo) => photo.id)).toEqual(["p2"]);
  });

  it("is sent with every photo that the device keeps for it, also one that its form had not heard of", async () => {
    const known = await draftWithPhoto(10);
    await addPhoto(known, photoRef("p2"), stored("p2"), bytesOf(3));
    await finishDraft(known, entryFor);
    expect((await readEntry("i1"))?.photos.map((photo) => photo.id)).toEqual(["p1", "p2"]);
  });

  it("opens the form that was killed once, and never one that was sent, thrown away or left", async () => {
    const draft = await draftWithPhoto(10);
    const mark = () => writeDraft(draft, "#/report/i1");
    await mark();
    expect([await takeOpen(), await takeOpen()]).toEqual(["#/report/i1", null]);
    await mark();
    await closeOpen("another");
    expect(await takeOpen()).toBe("#/report/i1");
    await mark();
    await closeOpen("i1");
    expect(await takeOpen()).toBeNull();
    await mark();
    await discardDraft(draft);
    expect(await takeOpen()).toBeNull();
    const other = await draftWithPhoto(10);
    await mark();
    await finishDraft(other, entryFor);
    expect(await takeOpen()).toBeNull();
    // An older app's mark names no draft, and a mark of a deleted draft leads nowhere.
    for (const left of ["#/report/i1", { draftId: "i1", address: "#/report/i1" }]) {
      await withDatabase((db) => db.put("meta", left, "open-draft"));
      expect(await takeOpen()).toBeNull();
    }
  });

  it("keeps the photos of what another window made of a draft or a record meanwhile", async () => {
    const draft = await draftWithPhoto(10);
    await finishDraft(draft, entryFor);
    await discardDraft(draft);
    expect((await readOriginal("p1"))?.size).toBe(10);
    const entry = (await readEntry("i1")) as OutboxEntry;
    await reopen(entry, () => ({ draft, photoIds: new Map() }));
    await removeEntry(entry);
    expect((await readOriginal("p1"))?.size).toBe(10);
    // And what another window added to a draft goes with it.
    await addPhoto(draft, photoRef("p2"), stored("p2"), bytesOf(3));
    await discardDraft(draft);
    expect([await readOriginal("p1"), await readOriginal("p2"), await readDraft("i1")]).toEqual([
      null,
      null,
      undefined,
    ]);
  });

  it("does not let two tabs undo a delivery", async () => {
    await finishDraft(await draftWithPhoto(10), entryFor);
    const receipt = { at: "", state: "submitted" as const, version: 1, number: null };
    await Promise.all([
      advance("i1", { kind: "delivered", receipt, at: 5 }),
      advance("i1", {
        kind: "failed",
        setback: { code: "offline", requestId: null, fields: [], retryAfterMs: null },
        at: 6,
        chance: 0,
      }),
    ]);
    expect((await readEntry("i1"))?.state).toBe("delivered");
  });

  it("goes a week after it was delivered, and not before", async () => {
    await finishDraft(await draftWithPhoto(10), entryFor);
    await dropOldDelivered("u1", KEEP_DELIVERED_MS * 9);
    expect(await listEntries("u1")).toHaveLength(1);
    await advance("i1", {
      kind: "delivered",
      receipt: { at: "", state: "submitted", version: 1, number: null },
      at: 1_000,
    });
    await dropOldDelivered("u1", 1_000 + KEEP_DELIVERED_MS);
    expect(await listEntries("u1")).toHaveLength(1);
    await dropOldDelivered("u1", 1_001 + KEEP_DELIVERED_MS);
    expect(await listEntries("u1")).toHaveLength(0);
    expect(await readOriginal("p1")).toBeNull();
  });
});
