import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { answerBody, answerFaults } from "../src/answer/forms";
import type { Item, Place, Reference } from "../src/api/types";
import { faultsOf, foundAt } from "../src/inspector/saveReport";
import { PHOTO_BYTES_MAX } from "../src/api/limits";
import { kindOf, readPhotoFile } from "../src/photo/readPhotoFile";
import { reference } from "../src/session/reference";
import { itemsFor } from "../src/session/fitting";
import { newAnswerDraft, newReportDraft } from "../src/store/drafts";
import type { AnswerDraft } from "../src/store/records";
import { photoRef } from "./records";

const draft = (change: Partial<AnswerDraft["fields"]> = {}, photos: AnswerDraft["photos"] = []): AnswerDraft => {
  const begun = newAnswerDraft({ userId: "u", issueId: "i", title: "t", action: "report-fix", version: 1 }, 0);
  return { ...begun, fields: { ...begun.fields, ...change }, photos };
};

describe("a step's form", () => {
  it("wants both views, words and the kind of fix before a fix is reported", () => {
    expect(answerFaults("report-fix", draft())).toEqual(["same-angle", "wide", "text", "remedy"]);
    const photos = [
      { ...photoRef("a"), view: "same-angle" as const },
      { ...photoRef("b"), view: "wide" as const },
    ];
    expect(answerFaults("report-fix", draft({ text: "done", remedy: "quick" }, photos))).toEqual([]);
  });

  it("leaves out of the body what is empty", () => {
    expect(answerBody("sign-in", draft())).toEqual({});
    expect(answerBody("sign-in", draft({ handler: " Li " }))).toEqual({ handler: "Li" });
    expect(answerBody("pass", draft())).toEqual({ on_site: true });
    expect(answerBody("request-extension", draft({ text: "rain" }))).toEqual({ reason: "rain" });
    expect(answerBody("look-back", draft({ held: false }))).toEqual({ held: false, photos: [] });
  });
});

describe("a photo's kind", () => {
  it("is what its bytes say, not what the web view says", () => {
    const bytes = (...head: number[]) => Uint8Array.from([...head, ...Array.from({ length: 12 }, () => 0)]).buffer;
    expect(kindOf(bytes(0xff, 0xd8, 0xff))).toBe("image/jpeg");
    expect(kindOf(bytes(0x89, 0x50, 0x4e, 0x47))).toBe("image/png");
    expect(kindOf(bytes(0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x68, 0x65, 0x69, 0x63))).toBe("image/heic");
  });
});

describe("a file that the service would refuse", () => {
  const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xe0]);
  const box = (...brands: string[]) =>
    Uint8Array.from(
      [...`\0\0\0${String.fromCharCode(8 + brands.length * 4)}ftyp${brands.join("")}`].map((char) =>
        char.charCodeAt(0),
      ),
    );
  const take = (bytes: Uint8Array<ArrayBuffer>, type: string) =>
    readPhotoFile(new File([bytes], "a", { type }), "i", "far", 1).then(
      ({ stored }) => stored.type,
      (cause: { fault?: string }) => cause.fault,
    );

  it("is refused before it is kept, by what it is and how large", async () => {
    expect(await take(jpeg, "image/jpeg")).toBe("image/jpeg");
    expect(await take(new Uint8Array(), "image/jpeg")).toBe("empty");
    expect(await take(Uint8Array.from([..."GIF89a"].map((char) => char.charCodeAt(0))), "image/jpeg")).toBe("kind");
    const large = new File([jpeg], "a", { type: "image/jpeg" });
    Object.defineProperty(large, "size", { value: PHOTO_BYTES_MAX + 1 });
    await expect(readPhotoFile(large, "i", "far", 1)).rejects.toMatchObject({ fault: "too-large" });
  });

  it("is told from HEIC by all brands that the file names", async () => {
    expect(await take(box("heic", "\0\0\0\0", "mif1"), "")).toBe("image/heic");
    expect(await take(box("MiHE", "\0\0\0\0", "heic"), "")).toBe("image/heic");
    // The minor version is no brand.
    expect(await take(box("isom", "heic", "mp42"), "image/heic")).toBe("kind");
    expect(await take(box("mif1", "\0\0\0\0", "avif"), "image/heic")).toBe("kind");
  });
});

describe("an item", () => {
  const place = { id: "pt", type: "MKT", campaigns: ["WM"] } as unknown as Place;
  const item = (code: string, ...point_types: string[]) => ({ code, campaign: "WM", point_types }) as unknown as Item;
  beforeEach(() => {
    reference.value = {
      points: [place],
      items: [item("A", "MKT"), item("B", "EST"), item("C", "*")],
      units: [],
      point_types: [],
      campaigns: [],
    } as unknown as Reference;
  });
  afterEach(() => {
    reference.value = null;
  });

  it("of every type of place is offered at each", () => {
    expect(itemsFor(place).map((one) => one.code)).toEqual(["A", "C"]);
  });

  it("that does not fit the place, or a place out of use, is a fault before it is saved", () => {
    const report = (pointId: string, itemCode: string) => {
      const begun = newReportDraft("i", "u", pointId, "t", 1);
      return faultsOf({ ...begun, photos: [photoRef("a")], fields: { ...begun.fields, itemCode, severity: "low" } });
    };
    expect(report("pt", "A")).toEqual([]);
    expect(report("pt", "C")).toEqual([]);
    expect(report("pt", "B")).toEqual(["misfit"]);
    expect(report("gone", "A")).toEqual(["retired"]);
    expect(report("pt", "gone")).toEqual(["item"]);
    // Without reference data nothing is wrong with a place.
    reference.value = null;
    expect(report("gone", "B")).toEqual([]);
  });

  it("of a mended report is judged only when it is another", () => {
    expect(answerFaults("resubmit", draft({ itemCode: "B" }), { place, itemCode: "A" })).toEqual(["misfit"]);
    expect(answerFaults("resubmit", draft({ itemCode: "B" }), { place, itemCode: "B" })).toEqual([]);
    expect(answerFaults("resubmit", draft({ itemCode: "C" }), { place, itemCode: "A" })).toEqual([]);
  });
});

describe("the time of a finding", () => {
  it("is that of its first photo, but not older than the form", () => {
    const photo = (capturedAt: string) => ({ ...photoRef("a"), capturedAt });
    const createdAt = Date.parse("2026-08-03T07:00:00Z");
    expect(foundAt({ createdAt, photos: [] })).toBe("2026-08-03T07:00:00.000Z");
    expect(foundAt({ createdAt, photos: [photo("2026-08-03T07:40:00Z")] })).toBe("2026-08-03T07:40:00.000Z");
    expect(foundAt({ createdAt, photos: [photo("2009-01-01T00:00:00Z")] })).toBe("2026-08-03T07:00:00.000Z");
  });
});
