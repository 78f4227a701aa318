// A missing preview is made when it is needed: the page may have died before, or the photo comes from another phone.
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { previewOf } from "../src/photo/preview";
import { makePreview } from "../src/photo/readPhotoFile";
import { closeDatabase, withDatabase } from "../src/store/database";
import { readPhoto } from "../src/store/originals";

vi.mock("../src/photo/readPhotoFile", () => ({ makePreview: vi.fn() }));
const make = vi.mocked(makePreview);
const bytes = (preview: ArrayBuffer | null | undefined) => preview?.byteLength;

beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  make.mockReset().mockImplementation(async () => new ArrayBuffer(7));
});
const keep = (id: string, preview: ArrayBuffer | null = null) =>
  withDatabase(async (db) => {
    const facts = { id, ownerId: "i1", type: "image/jpeg", sizeBytes: 3, chunkCount: 1, sha256: null, capturedAt: "" };
    await db.put("photos", { ...facts, preview });
    await db.put("chunks", new ArrayBuffer(3), [id, 0]);
  });

describe("the preview of a photo", () => {
  it("is made once where there is none, from the whole original, and kept", async () => {
    await keep("p1");
    const [one, two] = await Promise.all([previewOf("p1"), previewOf("p1")]);
    expect([bytes(one), bytes(two)]).toEqual([7, 7]);
    expect(make).toHaveBeenCalledTimes(1);
    expect(make.mock.calls[0]?.[0].size).toBe(3);
    expect(bytes((await readPhoto("p1"))?.preview)).toBe(7);
    await previewOf("p1");
    expect(make).toHaveBeenCalledTimes(1);
  });

  it("that is kept is shown as it is", async () => {
    await keep("p1", new ArrayBuffer(5));
    expect(bytes(await previewOf("p1"))).toBe(5);
    expect(make).not.toHaveBeenCalled();
  });

  it("is none where the browser cannot decode the photo, and keeps the next from nothing", async () => {
    await keep("p1");
    await keep("p2");
    make.mockImplementationOnce(async () => null);
    const [one, two] = await Promise.all([previewOf("p1"), previewOf("p2")]);
    expect([one, bytes(two)]).toEqual([null, 7]);
    expect(await previewOf("unknown")).toBeNull();
  });

  it("that fails altogether is none, and keeps the next from nothing either", async () => {
    await keep("p1");
    await keep("p2");
    make.mockRejectedValueOnce(new Error("out of memory"));
    const [one, two] = await Promise.all([previewOf("p1"), previewOf("p2")]);
    expect([one, bytes(two)]).toEqual([null, 7]);
  });

  it("is made of one photo at a time: each original is decoded in memory", async () => {
    let [now, most] = [0, 0];
    make.mockImplementation(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now -= 1;
      return new ArrayBuffer(7);
    });
    const ids = ["p1", "p2", "p3"];
    for (const id of ids) await keep(id);
    expect((await Promise.all(ids.map(previewOf))).map(bytes)).toEqual([7, 7, 7]);
    expect(most).toBe(1);
  });
});
