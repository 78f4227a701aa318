// Upgrades from the first version of the database to the present one.
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { IDBFactory } from "fake-indexeddb";
import { readMeta } from "../src/store/cache";
import { beforeClose, closeDatabase, storageProblem } from "../src/store/database";
import { CHUNK_BYTES, listDrafts, newAnswerDraft, newReportDraft, writeDraft } from "../src/store/drafts";
import { readOriginal } from "../src/store/originals";
import { listEntries } from "../src/store/outbox";
import { photoRef, reportEntry } from "./records";
import { openFirstVersion } from "./firstVersion";

const settled = async (is: () => boolean): Promise<void> => {
  while (!is()) await new Promise((resolve) => setImmediate(resolve));
};
const opened = (version?: number): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open("anfang", version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

beforeEach(async () => {
  await closeDatabase().catch(() => undefined);
  globalThis.indexedDB = new IDBFactory();
  storageProblem.value = null;
});

describe("a database of the first version", () => {
  it("keeps drafts, records, originals and who was signed in, and is of the present version", async () => {
    const bytes = Uint8Array.from({ length: CHUNK_BYTES + 9 }, (_, at) => at % 251).buffer;
    const { entryId: _, ...answer } = newAnswerDraft(
      { userId: "u1", issueId: "i2", title: "t", action: "report-fix", version: 3, entryId: "x" },
      1,
    );
    const old = await openFirstVersion(indexedDB, {
      meta: [["session", { user: { id: "u1" } }]],
      drafts: [newReportDraft("i1", "u1", "p", "t", 1), answer],
      outbox: [{ ...reportEntry("i3"), userId: "u1", photos: [photoRef("p1")] }],
      photos: [
        {
          id: "p1",
          ownerId: "i3",
          type: "image/jpeg",
          sizeBytes: bytes.byteLength,
          chunkCount: 2,
          sha256: null,
          capturedAt: "",
          preview: null,
        },
      ],
      chunks: [
        [["p1", 0], bytes.slice(0, CHUNK_BYTES)],
        [["p1", 1], bytes.slice(CHUNK_BYTES)],
      ],
    });
    old.close();

    const drafts = await listDrafts("u1");
    expect(drafts.map((draft) => draft.id).sort()).toEqual(["i1", answer.id].sort());
    expect((await listEntries("u1")).map((entry) => entry.id)).toEqual(["i3"]);
    expect((await readOriginal("p1"))?.size).toBe(bytes.byteLength);
    expect(await readMeta("session")).toEqual({ user: { id: "u1" } });

    // Version 2: a draft of an answer names the record it becomes.
    const named = drafts.find((draft) => draft.kind === "answer")?.entryId;
    expect(named).toMatch(/^[0-9a-f-]{36}$/);
    await closeDatabase();
    expect((await listDrafts("u1")).find((draft) => draft.kind === "answer")?.entryId).toBe(named);
    const now = await opened();
    expect(now.version).toBeGreaterThan(1);
    now.close();
  });

  it("that another window holds is waited for, which is said, and gone on with when it lets go", async () => {
    const old = await openFirstVersion(indexedDB, { drafts: [newReportDraft("i1", "u1", "p", "t", 1)] });
    const reading = listDrafts("u1");
    await settled(() => storageProblem.value === "blocked");
    old.close();
    expect((await reading).map((draft) => draft.id)).toEqual(["i1"]);
    expect(storageProblem.value).toBeNull();
  });
});

describe("a newer version in another window", () => {
  it("is let in after what is being typed has been written, and said", async () => {
    await listDrafts("u1");
    const typed = newReportDraft("i9", "u1", "p", "t", 1);
    const forget = beforeClose(() => writeDraft(typed));
    const next = await opened(1_000);
    forget();
    expect(storageProblem.value).toBe("outdated");
    const kept = await new Promise((resolve) => {
      const request = next.transaction("drafts").objectStore("drafts").get("i9");
      request.onsuccess = () => resolve(request.result);
    });
    expect(kept).toMatchObject({ id: "i9" });
    next.close();
    // From here on this window's app is too old for the database and says so.
    await expect(listDrafts("u1")).rejects.toMatchObject({ name: "VersionError" });
    expect(storageProblem.value).toBe("outdated");
  });
});

describe("a device that keeps nothing", () => {
  it("is told apart from one that is merely empty", async () => {
    globalThis.indexedDB = {
      open: () => {
        throw new DOMException("", "SecurityError");
      },
    } as unknown as IDBFactory;
    await expect(listDrafts("u1")).rejects.toMatchObject({ name: "SecurityError" });
    expect(storageProblem.value).toBe("closed");
    globalThis.indexedDB = {
      open: () => {
        throw new DOMException("", "QuotaExceededError");
      },
    } as unknown as IDBFactory;
    await expect(listDrafts("u1")).rejects.toMatchObject({ name: "QuotaExceededError" });
    expect(storageProblem.value).toBe("full");
    globalThis.indexedDB = new IDBFactory();
    expect(await listDrafts("u1")).toEqual([]);
    expect(storageProblem.value).toBeNull();
  });
});
