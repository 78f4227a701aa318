import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cacheAnswer, readCached } from "../src/store/cache";
import { closeDatabase, withDatabase } from "../src/store/database";
import { addPhoto, CHUNK_BYTES, newReportDraft } from "../src/store/drafts";
import { LEASE_MS, releaseLease, takeLease } from "../src/store/lease";
import { readOriginal } from "../src/store/originals";
import { allowanceOn, evictPictures, keepPicture, keepPictures, KEPT_MS_MAX } from "../src/upkeep/pictures";
import { ANSWER_MS_MAX, dropOrphans, evictAnswers, tidy } from "../src/upkeep/cleanUp";
import { photoRef, reportEntry } from "./records";

const NOON = Date.parse("2026-08-03T04:00:00Z");
const DAY = 24 * 3_600_000;
const pictures = () => withDatabase((db) => db.getAllKeys("pictures"));
const picture = (bytes: number, at: number) => ({ bytes: new ArrayBuffer(bytes), type: "image/jpeg", at });

beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => vi.unstubAllGlobals());

describe("what is fetched ahead", () => {
  const serve = (bytes: number) => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (url: string) => {
      asked.push(url);
      return new Response(new ArrayBuffer(bytes), { headers: { "Content-Type": "image/jpeg" } });
    });
    return asked;
  };
  const ids = Array.from({ length: 400 }, (_, at) => `p${at}`);

  it("is nothing where data are saved, little on mobile data, and more where it costs nothing", () => {
    expect(allowanceOn({ saveData: true, type: "wifi" }).pictures).toBe(0);
    expect(allowanceOn({ type: "cellular", effectiveType: "2g" }).pictures).toBe(0);
    const [mobile, unknown, free] = [{ type: "cellular" }, undefined, { type: "wifi" }].map((network) =>
      allowanceOn(network),
    );
    expect(mobile?.bytes).toBeLessThan(unknown?.bytes ?? 0);
    expect(unknown?.bytes).toBeLessThan(free?.bytes ?? 0);
  });

  it("is bounded in number and bytes, by the day and not by the visit, the first ones first", async () => {
    const cellular = { type: "cellular" };
    const { pictures: most, bytes } = allowanceOn(cellular);
    const asked = serve(1_000);
    await keepPictures(ids, NOON, cellular);
    expect(asked).toHaveLength(most);
    expect(asked[0]).toContain("/p0/");
    await keepPictures(ids, NOON + 60_000, cellular);
    expect(asked).toHaveLength(most);
    const large = serve(bytes / 2);
    await keepPictures(ids, NOON + DAY, cellular);
    expect(large).toHaveLength(2);
    // Cached pictures are not fetched again.
    expect(large[0]).toContain(`/p${most}/`);
    const none = serve(1);
    await keepPictures(ids, NOON + 2 * DAY, { saveData: true });
    expect(none).toEqual([]);
  });
});

describe("kept pictures", () => {
  it("go when they are old, and the oldest when all are too large", async () => {
    await keepPicture("old/view", picture(10, NOON - KEPT_MS_MAX - 1));
    for (const at of [3, 1, 2]) await keepPicture(`${at}/view`, picture(10, NOON - at));
    await evictPictures(NOON, 30);
    expect((await pictures()).sort()).toEqual(["1/view", "2/view", "3/view"]);
    await evictPictures(NOON, 25);
    expect((await pictures()).sort()).toEqual(["1/view", "2/view"]);
  });

  it("of an older app, of which nothing is noted, go first", async () => {
    await withDatabase((db) => db.put("pictures", picture(10, NOON), "unknown/view"));
    await keepPicture("known/view", picture(10, NOON));
    await evictPictures(NOON);
    expect(await pictures()).toEqual(["known/view"]);
  });
});

describe("kept answers", () => {
  it("go when they have not been heard again for long, but never what every report needs", async () => {
    for (const key of ["reference", "u1|issue/old", "u1|issue/new"])
      await cacheAnswer(key, { at: key.endsWith("new") ? NOON : NOON - ANSWER_MS_MAX - 1, etag: null, body: key });
    await evictAnswers(NOON);
    expect((await readCached("reference"))?.body).toBe("reference");
    expect(await readCached("u1|issue/old")).toBeUndefined();
    expect(await readCached("u1|issue/new")).toBeDefined();
  });
});

describe("photos that nothing names", () => {
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
  const put = (id: string) =>
    withDatabase(async (db) => {
      await db.put("photos", stored(id));
      await db.put("chunks", new ArrayBuffer(3), [id, 0]);
    });

  it("go after a day without a name, and nobody's that are named", async () => {
    await addPhoto(
      newReportDraft("i1", "u1", "pt", "t", 1),
      { ...photoRef("drafted"), sizeBytes: CHUNK_BYTES + 1 },
      { ...stored("drafted"), sizeBytes: CHUNK_BYTES + 1, chunkCount: 2 },
      new ArrayBuffer(CHUNK_BYTES + 1),
    );
    await withDatabase((db) => db.put("outbox", { ...reportEntry("i2"), userId: "u2", photos: [photoRef("queued")] }));
    for (const id of ["queued", "orphan", "arriving"]) await put(id);
    await withDatabase((db) => db.put("chunks", new ArrayBuffer(3), ["half", 4]));
    await dropOrphans(NOON);
    expect(await withDatabase((db) => db.count("chunks"))).toBe(6);
    // What was being imported has a record by now.
    await withDatabase((db) => db.put("outbox", { ...reportEntry("i3"), photos: [photoRef("arriving")] }));
    await dropOrphans(NOON + DAY);
    expect((await withDatabase((db) => db.getAllKeys("photos"))).sort()).toEqual(["arriving", "drafted", "queued"]);
    expect(await withDatabase((db) => db.count("chunks"))).toBe(4);
    expect((await readOriginal("drafted"))?.size).toBe(CHUNK_BYTES + 1);
  });

  it("are looked for once a day, also when the clock was set back", async () => {
    await put("orphan");
    const left = () => withDatabase((db) => db.count("photos"));
    await tidy(NOON);
    await tidy(NOON + DAY - 1);
    expect(await left()).toBe(1);
    await tidy(NOON + DAY);
    expect(await left()).toBe(0);
    await put("another");
    await tidy(NOON - 900 * DAY);
    await tidy(NOON - 899 * DAY);
    expect(await left()).toBe(0);
  });
});

describe("a lease", () => {
  it("is one holder's until it ends or is given back, and no clock that was set back keeps it", async () => {
    expect(await takeLease("n", "a", NOON)).toBe(true);
    expect(await takeLease("n", "b", NOON + LEASE_MS - 1)).toBe(false);
    expect(await takeLease("n", "a", NOON + 1_000)).toBe(true);
    expect(await takeLease("n", "b", NOON + LEASE_MS)).toBe(false);
    expect(await takeLease("n", "b", NOON + LEASE_MS + 1_000)).toBe(true);
    await releaseLease("n", "a");
    expect(await takeLease("n", "a", NOON + LEASE_MS + 2_000)).toBe(false);
    await releaseLease("n", "b");
    expect(await takeLease("n", "a", NOON + LEASE_MS + 2_000)).toBe(true);
    expect(await takeLease("n", "b", NOON - DAY)).toBe(true);
  });
});
