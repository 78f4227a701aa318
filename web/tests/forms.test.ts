import { describe, expect, it } from "vitest";
import { answerBody, answerFaults } from "../src/answer/forms";
import { foundAt } from "../src/inspector/saveReport";
import { kindOf } from "../src/photo/take";
import { newAnswerDraft } from "../src/store/drafts";
import type { AnswerDraft } from "../src/store/records";
import { photoRef } from "./records";

const draft = (change: Partial<AnswerDraft["fields"]> = {}, photos: AnswerDraft["photos"] = []): AnswerDraft => {
  const begun = newAnswerDraft({ userId: "u", issueId: "i", title: "t", action: "report-fix", version: 1 }, 0);
  return { ...begun, fields: { ...begun.fields, ...change }, photos };
};

describe("a step's form", () => {
  it("wants both views, words and the kind of fix before a fix is reported", () => {
    expect(answerFaults("report-fix", draft())).toEqual(["same-angle", "wide", "text", "remedy"]);
    const photos = [{ ...photoRef("a"), view: "same-angle" as const }, { ...photoRef("b"), view: "wide" as const }];
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
    expect(kindOf(bytes(0xff, 0xd8, 0xff), "")).toBe("image/jpeg");
    expect(kindOf(bytes(0x89, 0x50, 0x4e, 0x47), "image/jpeg")).toBe("image/png");
    expect(kindOf(bytes(0, 0, 0, 24, 0x66, 0x74, 0x79, 0x70, 0x68, 0x65, 0x69, 0x63), "image/jpeg")).toBe("image/heic");
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
