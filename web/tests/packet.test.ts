import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PACKET_LINE_BYTES_MAX } from "../src/api/limits";
import { toBase64 } from "../src/packet/format";
import { NotAPacket } from "../src/packet/read";
import { importPacket } from "../src/packet/importPacket";
import { writePackets } from "../src/packet/write";
import { closeDatabase, withDatabase } from "../src/store/database";
import {
  addPhoto,
  CHUNK_BYTES,
  findDraft,
  finishDraft,
  listDrafts,
  newAnswerDraft,
  newReportDraft,
  readDraft,
  withPhoto,
  writeDraft,
} from "../src/store/drafts";
import { readOriginal } from "../src/store/originals";
import { advance, listEntries, readEntry } from "../src/store/outbox";
import type { Draft } from "../src/store/records";
import { toDraft } from "../src/outbox/toDraft";
import { reopen } from "../src/store/reopen";
import { answerEntry, photoRef, reportEntry } from "./records";

const me = { id: "u1", username: "inspector01", display_name: "一号", role: "inspector" as const };
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, at) => at % 251).buffer;
const newPhone = async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
};

async function draft(id: string, photoId: string, length: number) {
  const begun = newReportDraft(id, "u1", "pt", "t", 1);
  const ref = { ...photoRef(photoId), sizeBytes: length };
  const stored = {
    id: photoId,
    ownerId: id,
    type: "image/jpeg",
    sizeBytes: length,
    chunkCount: Math.ceil(length / CHUNK_BYTES),
    sha256: null,
    capturedAt: "2026-08-03T07:04:00Z",
    preview: null,
  };
  await addPhoto(begun, ref, stored, bytesOf(length));
  return withPhoto(begun, ref);
}
async function record(id: string, photoId: string, length: number, createdAt = 0) {
  const ref = { ...photoRef(photoId), sizeBytes: length };
  await finishDraft(await draft(id, photoId, length), () => ({
    ...reportEntry(id),
    photos: [ref],
    createdAt,
    state: "attention",
  }));
}
async function only(partBytesMax?: number): Promise<Blob> {
  const [packet, ...more] = await writePackets(me, 0, partBytesMax);
  expect(more).toEqual([]);
  return packet?.file ?? new Blob();
}

beforeEach(newPhone);
afterEach(() => vi.restoreAllMocks());

describe("the file of unsent records", () => {
  it("names its person, and holds what the service is to be asked, line by line", async () => {
    await record("i1", "p1", CHUNK_BYTES + 5);
    const lines = (await (await only()).text())
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>);
    expect(lines.map((line) => Object.keys(line).join())).toEqual([
      "packet",
      "record",
      "photo",
      "piece",
      "piece",
      "end",
    ]);
    expect(lines[0]?.packet).toMatchObject({
      format: "anfang-unsent",
      version: 2,
      part: 1,
      parts: 1,
      account: { id: "u1", username: "inspector01", name: "一号", role: "inspector" },
    });
    expect(lines[1]?.record).toMatchObject({
      kind: "report",
      id: "i1",
      body: reportEntry("i1").body,
      composed_at: "1970-01-01T00:00:00.000Z",
    });
    expect(lines[2]?.photo).toMatchObject({ id: "p1", size_bytes: CHUNK_BYTES + 5, type: "image/jpeg" });
    expect(lines[5]?.end).toEqual({ records: 1, drafts: 0, photos: 1 });
  });

  it("brings records and drafts with every byte to another phone, once", async () => {
    await record("i1", "p1", CHUNK_BYTES + 5);
    await draft("i2", "p2", 7);
    const file = await only();
    await newPhone();
    expect(await importPacket(file, "u1")).toEqual({ records: 1, drafts: 1, isComplete: true, owner: null });
    expect(await importPacket(file, "u1")).toEqual({ records: 0, drafts: 0, isComplete: true, owner: null });
    expect((await readEntry("i1"))?.state).toBe("waiting");
    expect((await readDraft("i2"))?.photos.map((photo) => photo.id)).toEqual(["p2"]);
    const original = Buffer.from(await ((await readOriginal("p1")) as Blob).arrayBuffer());
    expect(original.equals(Buffer.from(bytesOf(CHUNK_BYTES + 5)))).toBe(true);
    expect((await readOriginal("p2"))?.size).toBe(7);
  });

  it("leaves out a form that was only opened", async () => {
    await writeDraft(newReportDraft("i1", "u1", "pt", "t", 1));
    expect(await writePackets(me, 0)).toEqual([]);
    await writeDraft({
      ...newReportDraft("i1", "u1", "pt", "t", 1),
      fields: { pointId: null, itemCode: null, severity: null, description: "堵塞", location: null },
    });
    expect((await writePackets(me, 0))[0]).toMatchObject({ records: 0, drafts: 1 });
  });

  it("is taken in by nobody but whose it is, and says whose that is", async () => {
    await record("i1", "p1", 3);
    const file = await only();
    await newPhone();
    expect(await importPacket(file, "somebody")).toMatchObject({
      records: 0,
      owner: { name: "一号", username: "inspector01" },
    });
    expect(await listEntries("u1")).toEqual([]);
  });

  it("never puts a draft over the record it became, nor a record over a delivered one", async () => {
    await draft("i1", "p1", 3);
    const begun = await only();
    await finishDraft((await readDraft("i1")) as Draft, () => ({ ...reportEntry("i1"), photos: [photoRef("p1")] }));
    await advance("i1", {
      kind: "delivered",
      receipt: { at: "", state: "submitted", version: 1, number: null },
      at: 5,
    });
    expect(await importPacket(begun, "u1")).toMatchObject({ records: 0, drafts: 0 });
    expect(await readDraft("i1")).toBeUndefined();
    expect((await readEntry("i1"))?.state).toBe("delivered");
    expect((await readOriginal("p1"))?.size).toBe(3);
  });

  it("never puts the form of a step beside the record it became", async () => {
    const step = { userId: "u1", issueId: "i1", title: "t", action: "sign-in" as const, version: 3, entryId: "a1" };
    const form = newAnswerDraft(step, 1);
    await writeDraft({ ...form, fields: { ...form.fields, handler: "李建国" } });
    const begun = await only();
    await finishDraft(form, () => ({ ...answerEntry(), photos: [] }));
    expect(await importPacket(begun, "u1")).toMatchObject({ records: 0, drafts: 0, isComplete: true });
    expect(await listDrafts("u1")).toEqual([]);
  });

  it("never brings back a record that was taken back here and changed since", async () => {
    await record("i1", "p1", 3);
    const file = await only();
    const entry = await readEntry("i1");
    if (!entry) throw new Error("no record");
    let count = 0;
    await reopen(entry, (now) => toDraft(now, () => `n${++count}`, 7));
    const [changed] = await listDrafts("u1");
    expect(await importPacket(file, "u1")).toMatchObject({ records: 0, isComplete: true });
    expect(await listEntries("u1")).toEqual([]);
    // Saved again it is another record, and the old one is still in the file.
    await finishDraft(changed as Draft, (draft) => ({
      ...reportEntry(draft.id),
      photos: draft.photos,
      replaces: draft.replaces ?? [],
    }));
    expect(await importPacket(file, "u1")).toMatchObject({ records: 0, isComplete: true });
    expect((await listEntries("u1")).map((one) => one.id)).toEqual([changed?.id]);
  });

  it("never ends the form of a step that was taken back here before it was sent", async () => {
    const written = { ...answerEntry(), photos: [], isTried: false };
    await withDatabase((db) => db.add("outbox", written));
    const file = await only();
    const entry = await readEntry("a1");
    if (!entry) throw new Error("no record");
    await reopen(entry, (now) => toDraft(now, () => "n1", 7));
    expect(await importPacket(file, "u1")).toMatchObject({ records: 0, isComplete: true });
    const [form] = await listDrafts("u1");
    expect(await findDraft(form?.id ?? "", "u1")).toMatchObject({ entryId: "a1" });
  });

  it("leaves alone what another window brought in and delivered meanwhile", async () => {
    await record("i1", "p1", CHUNK_BYTES * 12);
    const file = await only();
    await newPhone();
    const receipt = { at: "", state: "submitted" as const, version: 1, number: null };
    const delivered = { ...reportEntry("i1"), state: "delivered" as const, receipt };
    const slice = file.slice.bind(file);
    let count = 0;
    file.slice = (...part) => {
      count += 1;
      // By then the record has been begun, and its photo is being read.
      if (count === 5) void withDatabase((db) => db.add("outbox", delivered));
      return slice(...part);
    };
    await importPacket(file, "u1").catch(() => undefined);
    expect(count).toBeGreaterThan(5);
    expect(await readEntry("i1")).toEqual(delivered);
  });

  it("takes from a file that was cut what is whole, and says that it is not all", async () => {
    await record("i1", "p1", 3, 1);
    await record("i2", "p2", CHUNK_BYTES * 2, 2);
    const file = await only();
    // In the middle of the second photo's last piece.
    const cut = file.slice(0, file.size - 2000);
    await newPhone();
    expect(await importPacket(cut, "u1")).toEqual({ records: 1, drafts: 0, isComplete: false, owner: null });
    expect((await listEntries("u1")).map((entry) => entry.id)).toEqual(["i1"]);
  });

  it("is written as several, each whole in itself, where one would be too long to share", async () => {
    for (const [at, id] of ["i1", "i2", "i3"].entries()) await record(id, `p${id}`, 30_000, at);
    const packets = await writePackets(me, 0, 100_000);
    expect(packets.map((packet) => packet.records)).toEqual([2, 1]);
    expect(packets.every((packet) => packet.file.size <= 100_000)).toBe(true);
    await newPhone();
    for (const { file } of packets.reverse())
      expect(await importPacket(file, "u1")).toMatchObject({ isComplete: true });
    expect(await listEntries("u1")).toHaveLength(3);
  });

  it("is never in memory as a whole, neither written nor read", async () => {
    await record("i1", "p1", CHUNK_BYTES * 12);
    const read: number[] = [];
    const written: number[] = [];
    const RealBlob = Blob;
    vi.stubGlobal(
      "Blob",
      class extends RealBlob {
        constructor(parts: BlobPart[] = [], options?: BlobPropertyBag) {
          super(parts, options);
          for (const part of parts) if (typeof part === "string") written.push(part.length);
        }
      },
    );
    const file = await only();
    vi.unstubAllGlobals();
    const original = FileReader.prototype.readAsArrayBuffer;
    vi.spyOn(FileReader.prototype, "readAsArrayBuffer").mockImplementation(function (this: FileReader, blob: Blob) {
      read.push(blob.size);
      return original.call(this, blob);
    });
    const asText = vi.spyOn(FileReader.prototype, "readAsText");
    await newPhone();
    expect(await importPacket(file, "u1")).toMatchObject({ records: 1, isComplete: true });
    expect(Math.max(...written)).toBeLessThan(PACKET_LINE_BYTES_MAX / 2);
    expect(Math.max(...read)).toBeLessThanOrEqual(PACKET_LINE_BYTES_MAX);
    expect(asText).not.toHaveBeenCalled();
    expect(file.size).toBeGreaterThan(4 * PACKET_LINE_BYTES_MAX);
  });

  it("still reads what older apps wrote, and refuses what nobody wrote", async () => {
    const entry = { ...reportEntry("i1"), photos: [photoRef("p1")] };
    const photo = {
      id: "p1",
      ownerId: "i1",
      type: "image/jpeg",
      sizeBytes: 3,
      chunkCount: 1,
      sha256: null,
      capturedAt: "",
    };
    const photos = [{ photo, base64: toBase64(bytesOf(3)) }];
    const old = new Blob([JSON.stringify({ format: "anfang-unsent", version: 1, entries: [entry], photos })]);
    expect(await importPacket(old, "u1")).toMatchObject({ records: 1 });
    expect((await readOriginal("p1"))?.size).toBe(3);
    // What is here stays: neither the delivered record nor the one that was changed goes again.
    await advance("i1", {
      kind: "delivered",
      receipt: { at: "", state: "submitted", version: 1, number: null },
      at: 5,
    });
    expect(await importPacket(old, "u1")).toMatchObject({ records: 0 });
    expect((await readEntry("i1"))?.state).toBe("delivered");
    await newPhone();
    await draft("i1", "p1", 3);
    expect(await importPacket(old, "u1")).toMatchObject({ records: 0 });
    expect(await readEntry("i1")).toBeUndefined();
    for (const text of [
      "",
      "hello\n",
      "[]",
      `{"packet":{"format":"anfang-unsent","version":9}}\n`,
      "x".repeat(3_000_000),
    ]) {
      await expect(importPacket(new Blob([text]), "u1")).rejects.toBeInstanceOf(NotAPacket);
    }
  });
});
