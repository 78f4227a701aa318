import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { answerBody } from "../src/answer/forms";
import { setAccount } from "../src/api/request";
import { MARKS_PER_PHOTO_MAX } from "../src/api/limits";
import { markOf, spotOf, withMark } from "../src/draft/drawing";
import { saveReport } from "../src/inspector/saveReport";
import { toDraft } from "../src/outbox/toDraft";
import type { ReportEntry } from "../src/outbox/entry";
import { withNewIds } from "../src/outbox/withNewIds";
import { importPacket } from "../src/packet/importPacket";
import { writePackets } from "../src/packet/write";
import { drawnSize, sentMarks, shapeOf, tilesOf } from "../src/photo/marks";
import { closeDatabase } from "../src/store/database";
import {
  addPhoto,
  newAnswerDraft,
  newReportDraft,
  readDraft,
  removePhoto,
  withPhoto,
  writeDraft,
} from "../src/store/drafts";
import { readOriginal } from "../src/store/originals";
import { readEntry } from "../src/store/outbox";
import type { AnswerDraft, Mark, ReportDraft } from "../src/store/records";
import { broken, network } from "./network";
import { photoRef, reportEntry } from "./records";

const upright = { width: 600, height: 800 };
const spot = (x: number, y: number) => ({ x, y });
const arrow: Mark = { kind: "arrow", x1: 0.1, y1: 0.2, x2: 0.5, y2: 0.6 };
const blur: Mark = { kind: "blur", x1: 0.2, y1: 0.3, x2: 0.4, y2: 0.5 };

describe("a place on the picture", () => {
  const box = { left: 0, top: 56, width: 360, height: 560 };

  it("is a part of the picture, which lies in the middle of its box", () => {
    // 360 wide, so 480 high, with 40 above and below.
    expect(spotOf({ clientX: 0, clientY: 96 }, box, upright)).toEqual(spot(0, 0));
    expect(spotOf({ clientX: 360, clientY: 576 }, box, upright)).toEqual(spot(1, 1));
    expect(spotOf({ clientX: 180, clientY: 336 }, box, upright)).toEqual(spot(0.5, 0.5));
    // On a wide screen there is room to the left and to the right.
    expect(spotOf({ clientX: 500, clientY: 300 }, { left: 0, top: 0, width: 1000, height: 600 }, upright)).toEqual(
      spot(0.5, 0.5),
    );
    expect(spotOf({ clientX: 275, clientY: 0 }, { left: 0, top: 0, width: 1000, height: 600 }, upright)).toEqual(
      spot(0, 0),
    );
  });

  it("is its edge where the finger is beside it", () => {
    expect(spotOf({ clientX: -20, clientY: 60 }, box, upright)).toEqual(spot(0, 0));
    expect(spotOf({ clientX: 999, clientY: 999 }, box, upright)).toEqual(spot(1, 1));
  });
});

describe("a mark", () => {
  it("is an arrow from where it was begun, whichever way it points", () => {
    expect(markOf("arrow", spot(0.5, 0.6), spot(0.1, 0.2), upright)).toEqual({
      kind: "arrow",
      x1: 0.5,
      y1: 0.6,
      x2: 0.1,
      y2: 0.2,
    });
    // Along an edge as well.
    expect(markOf("arrow", spot(0.5, 0.6), spot(0.1, 0.6), upright)).toEqual({
      kind: "arrow",
      x1: 0.5,
      y1: 0.6,
      x2: 0.1,
      y2: 0.6,
    });
  });

  it.each(["circle", "blur"] as const)("of the kind %s is a box from its upper left corner", (kind) => {
    expect(markOf(kind, spot(0.5, 0.2), spot(0.1, 0.6), upright)).toEqual({ kind, x1: 0.1, y1: 0.2, x2: 0.5, y2: 0.6 });
  });

  it("is rounded to four places and lies on the picture", () => {
    expect(markOf("arrow", spot(1 / 3, -0.5), spot(2 / 3, 1.5), upright)).toEqual({
      kind: "arrow",
      x1: 0.3333,
      y1: 0,
      x2: 0.6667,
      y2: 1,
    });
    expect(markOf("circle", spot(1 / 3, -0.5), spot(2 / 3, 1.5), upright)).toEqual({
      kind: "circle",
      x1: 0.3333,
      y1: 0,
      x2: 0.6667,
      y2: 1,
    });
  });

  it("is none where somebody only tapped: 16 of 800 pixels are the least", () => {
    for (const kind of ["arrow", "circle", "blur"] as const) {
      expect(markOf(kind, spot(0.5, 0.5), spot(0.5, 0.5), upright), kind).toBeNull();
      expect(markOf(kind, spot(0.5, 0.5), spot(0.5, 0.5 + 15 / 800), upright), kind).toBeNull();
      expect(markOf(kind, spot(0.5, 0.5), spot(0.5 + 15 / 600, 0.5), upright), kind).toBeNull();
      expect(markOf(kind, spot(0.5, 0.5), spot(0.5, 0.5 + 17 / 800), upright), kind).not.toBeNull();
      expect(markOf(kind, spot(0.5, 0.5), spot(0.5 + 17 / 600, 0.5), upright), kind).not.toBeNull();
    }
  });

  it("that was drawn as a line is made wide enough to hide something, at the edge too", () => {
    expect(markOf("blur", spot(0.2, 0.5), spot(0.6, 0.5), upright)).toEqual({
      kind: "blur",
      x1: 0.2,
      y1: 0.49,
      x2: 0.6,
      y2: 0.51,
    });
    expect(markOf("blur", spot(0.2, 0), spot(0.6, 0), upright)).toEqual({
      kind: "blur",
      x1: 0.2,
      y1: 0,
      x2: 0.6,
      y2: 0.02,
    });
    expect(markOf("blur", spot(0.2, 1), spot(0.6, 1), upright)).toEqual({
      kind: "blur",
      x1: 0.2,
      y1: 0.98,
      x2: 0.6,
      y2: 1,
    });
  });

  it("is one of twelve at most", () => {
    let marks: Mark[] = [];
    for (let count = 0; count < 15; count += 1) marks = withMark(marks, arrow);
    expect(marks).toHaveLength(MARKS_PER_PHOTO_MAX);
    expect(MARKS_PER_PHOTO_MAX).toBe(12);
  });
});

describe("what a mark looks like", () => {
  const size = drawnSize(upright);

  it("is as thick on a small copy as on a large one", () => {
    expect(size).toEqual({ width: 750, height: 1000 });
    expect(drawnSize({ width: 80, height: 60 })).toEqual({ width: 1000, height: 750 });
  });

  it("is a path from tail to tip, around a box, or over it", () => {
    expect(shapeOf(arrow, size)).toMatch(/^M75 200L375 600M/);
    expect(shapeOf({ ...blur, kind: "circle" }, size)).toBe("M150 400a75 100 0 1 0 150 0a75 100 0 1 0 -150 0z");
    expect(shapeOf(blur, size)).toBe("M150 300H300V500H150z");
  });

  it("stays within what it covers", () => {
    const tiles = ([0, 1] as const).map((shade) => tilesOf(blur, size, shade));
    const numbers = (sign: RegExp) =>
      tiles.flatMap((path) => [...path.matchAll(sign)].map(([, value]) => Number(value)));
    const [xs, ys] = [numbers(/[MH]([\d.]+)/g), numbers(/[V ]([\d.]+)/g)];
    expect([Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]).toEqual([150, 300, 300, 500]);
    expect(tiles[0]).not.toBe(tiles[1]);
  });
});

describe("marks", () => {
  beforeEach(async () => {
    await closeDatabase().catch(() => undefined);
    globalThis.indexedDB = new IDBFactory();
    setAccount("u1");
    network(broken);
  });
  afterEach(() => vi.unstubAllGlobals());

  const bytes = Uint8Array.from([1, 2, 3]).buffer;
  const keepPhoto = async (draft: ReportDraft, id: string): Promise<ReportDraft> => {
    await addPhoto(
      draft,
      photoRef(id),
      {
        id,
        ownerId: draft.id,
        type: "image/jpeg",
        sizeBytes: 3,
        chunkCount: 1,
        sha256: null,
        capturedAt: "",
        preview: null,
      },
      bytes,
    );
    return withPhoto(draft, photoRef(id));
  };
  const marked = (draft: ReportDraft, marks: Mark[]): ReportDraft => ({
    ...draft,
    photos: draft.photos.map((photo, at) => (at === 0 ? { ...photo, marks } : photo)),
  });
  const begun = () => keepPhoto(newReportDraft("i1", "u1", "pt", "t", 1), "p1");
  const kept = async () => (await readDraft("i1"))?.photos.map(({ marks }) => marks);

  it("are kept with what is typed, the newest of the form, and leave with their photo", async () => {
    const draft = await begun();
    await writeDraft(marked(draft, [arrow]));
    expect(await kept()).toEqual([[arrow]]);
    await writeDraft(marked(draft, [arrow, blur]));
    expect(await kept()).toEqual([[arrow, blur]]);
    // A photo added in another window stays, and a form without marks removes none.
    await keepPhoto(draft, "p2");
    expect(await kept()).toEqual([[arrow, blur], undefined]);
    await writeDraft(marked(draft, []));
    expect(await kept()).toEqual([[], undefined]);
    await removePhoto(draft, "p1");
    expect(await kept()).toEqual([undefined]);
  });

  it("are in a report's body only where there are any, and the photo stays as it was taken", async () => {
    await saveReport(marked(await keepPhoto(await begun(), "p2"), [arrow, blur]));
    const { body, photos } = (await readEntry("i1")) as ReportEntry;
    expect(body.photos.map((photo) => [photo.id, (photo as { marks?: Mark[] }).marks, "marks" in photo])).toEqual([
      ["p1", [arrow, blur], true],
      ["p2", undefined, false],
    ]);
    expect(photos[0]).toEqual({ ...photoRef("p1"), marks: [arrow, blur] });
    expect(Buffer.from(await ((await readOriginal("p1")) as Blob).arrayBuffer())).toEqual(Buffer.from(bytes));
    expect(sentMarks({ ...photoRef("p1"), marks: [] })).toEqual({});
  });

  it("are in a step's body too, and in the draft that is made of it again", () => {
    const draft: AnswerDraft = {
      ...newAnswerDraft({ userId: "u1", issueId: "i1", title: "t", action: "report-fix", version: 1 }, 0),
      photos: [{ ...photoRef("p1"), marks: [blur] }, photoRef("p2")],
    };
    const { photos } = answerBody("report-fix", draft) as { photos: { id: string; marks?: Mark[] }[] };
    expect(photos.map(({ id, marks }) => [id, marks])).toEqual([
      ["p1", [blur]],
      ["p2", undefined],
    ]);
    expect("marks" in (photos[1] ?? {})).toBe(false);
  });

  it("stay with a record that is taken back or goes under new ids", () => {
    const entry: ReportEntry = {
      ...reportEntry(),
      isTried: true,
      isReceived: true,
      photos: [{ ...photoRef("p1"), marks: [arrow] }],
    };
    const body = {
      ...entry.body,
      photos: [{ id: "p1", view: "far" as const, ...sentMarks({ ...photoRef("p1"), marks: [arrow] }) }],
    };
    let count = 0;
    const newId = () => `n${++count}`;
    expect(toDraft(entry, newId, 1).draft.photos).toEqual([{ ...photoRef("n2"), marks: [arrow] }]);
    const { next } = withNewIds({ ...entry, body }, newId);
    expect(next.photos).toEqual([{ ...photoRef("n3"), marks: [arrow] }]);
    expect((next as ReportEntry).body.photos).toEqual([{ id: "n3", view: "far", marks: [arrow] }]);
  });

  it("travel in the file of unsent records", async () => {
    await saveReport(marked(await begun(), [arrow]));
    await writeDraft(marked(await keepPhoto(newReportDraft("i2", "u1", "pt", "t", 1), "p2"), [blur]));
    const [packet] = await writePackets(
      { id: "u1", username: "inspector01", display_name: "一号", role: "inspector" },
      0,
    );
    await closeDatabase();
    globalThis.indexedDB = new IDBFactory();
    expect(await importPacket(packet?.file ?? new Blob(), "u1")).toMatchObject({
      records: 1,
      drafts: 1,
      isComplete: true,
    });
    const entry = (await readEntry("i1")) as ReportEntry;
    expect(entry.photos[0]?.marks).toEqual([arrow]);
    expect(entry.body.photos[0]).toMatchObject({ id: "p1", marks: [arrow] });
    expect((await readDraft("i2"))?.photos[0]?.marks).toEqual([blur]);
  });
});
