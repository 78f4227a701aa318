import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { FlagCode } from "../src/api/types";
import { doubtsOf, flagText } from "../src/office/flagText";
import type { Flag } from "../src/office/flagText";
import "../src/office/words";
import { setLanguage } from "../src/texts";

const document = JSON.parse(readFileSync(resolve(__dirname, "../../docs/generated/openapi.json"), "utf8")) as {
  components: { schemas: Record<string, { enum?: string[] }> };
};
const flag = (code: FlagCode, detail = "", more: Partial<Flag> = {}): Flag =>
  ({ code, detail, photo_id: null, refers_to: null, ...more }) as Flag;

/** What the service writes for each flag, see src/domain/evidence.rs and src/app/issues/flags.rs. */
const DETAILS: Record<FlagCode, string> = {
  "outside-geofence": "1234 m > 100 m ± 12 m",
  "location-unknown": "",
  "clock-skew": "+754 s",
  late: "26 h",
  "view-missing": "far, near",
  "photo-reused": "",
  "photo-similar": "4/64",
  "photo-time-differs": "95 min",
  "photo-place-differs": "812 m",
  "photo-edited": "Adobe Photoshop",
  "photo-small": "320 px",
  "photo-no-preview": "HEIC",
  "photo-unreadable": "",
  "handed-in": "",
  "permitted-zone": "城管〔2026〕3号 蔬菜 06:00–09:30",
  "impossible-travel": "667 km/h: 11119 m, 60 s",
  "position-repeated": "5: 31.123456, 107.123456",
  "from-album": "",
  "fix-alike": "2/64",
  "fix-unlike": "41/64",
  "closing-burst": "5 fixes, 3 min, 1112 m apart",
  "nonce-missing": "",
  "nonce-unknown": "",
  "nonce-outdated": "26 h > 24 h",
  "nonce-reused": "",
  "desk-check": "",
};

afterEach(() => setLanguage("zh-CN"));

describe("a doubt", () => {
  it("is a sentence in both languages, whatever its code, without a raw figure in it", async () => {
    const codes = (document.components.schemas.FlagCode?.enum ?? []) as FlagCode[];
    expect(codes.sort()).toEqual(Object.keys(DETAILS).sort());
    for (const language of ["zh-CN", "en"] as const) {
      await setLanguage(language);
      for (const code of codes) {
        const words = flagText(flag(code, DETAILS[code]), "i");
        expect(words, code).toMatch(language === "en" ? /[A-Z].*\.$/ : /[\u4e00-\u9fff].*。$/);
        expect(words, code).not.toMatch(/[{}<>\u00b1]|\/64|\+\d/);
        // Text that a later service may change is left out.
        expect(flagText(flag(code), "i"), code).not.toMatch(/\{|undefined|NaN/);
      }
    }
  });

  it("measures in what people measure in", () => {
    const said = (code: FlagCode, detail: string) => flagText(flag(code, detail), "i");
    expect(said("photo-time-differs", "45 min")).toContain("相差 45 分钟");
    expect(said("photo-time-differs", "1500 min")).toContain("相差 1 天 1 小时");
    expect(said("photo-time-differs", "86400 min")).toContain("相差 60 天");
    expect(said("photo-time-differs", "9515021 min")).toContain("约 18 年");
    expect(said("photo-time-differs", "9515021 min")).toContain("时钟没有设对");
    expect(said("photo-place-differs", "812 m")).toContain("812 米");
    expect(said("photo-place-differs", "48211 m")).toContain("48 公里");
    expect(said("outside-geofence", "1234 m > 100 m ± 12 m")).toContain(
      "距点位 1.2 公里，超出点位范围（100 米以内），已计入约 12 米的定位误差",
    );
    expect(said("outside-geofence", "150 m > 100 m ± 0 m")).not.toContain("误差");
    expect(said("clock-skew", "+754 s")).toContain("快 12 分钟");
    expect(said("photo-similar", "4/64")).toContain("94%");
    expect(said("photo-similar", "3/64, mirrored, 12 more")).toContain("左右翻转后与以前的照片很接近（相似度约 95%）");
    expect(said("view-missing", "near")).toContain("没有近景照片");
    expect(said("nonce-outdated", "26 h > 24 h")).toContain("已 26 小时，超过 24 小时");
    expect(said("nonce-outdated", "-12 min")).toContain("早 12 分钟");
  });

  it("is told once for each kind, with every pair of photos it is about", () => {
    const earlier = (photo: string, issue = "j") => ({ photo_id: photo, issue_id: issue });
    const doubts = doubtsOf({
      id: "i",
      flag_codes: [],
      flags: [
        flag("photo-small", "320 px", { photo_id: "a" }),
        flag("photo-reused", "", { photo_id: "a", refers_to: earlier("x") }),
        flag("photo-small", "320 px", { photo_id: "b" }),
        flag("photo-reused", "", { photo_id: "b", refers_to: earlier("y") }),
        flag("photo-reused", "", { photo_id: "b", refers_to: earlier("a", "i") }),
      ],
    });
    expect(
      doubts.map((doubt) => [doubt.code, doubt.sentences.length, doubt.photoIds.length, doubt.pairs.length]),
    ).toEqual([
      ["photo-small", 1, 2, 0],
      ["photo-reused", 2, 2, 3],
    ]);
  });

  it("says how many more there are, and tells kinds where only kinds are known", () => {
    const about = (detail: string, photo: string) => flag("photo-similar", detail, { photo_id: photo });
    const [doubt] = doubtsOf({
      id: "i",
      flag_codes: ["photo-similar"],
      flags: [about("0/64", "a"), about("0/64, 997 more", "a"), about("2/64, 3 more", "b")],
    });
    expect(doubt?.sentences.at(-1)).toContain("另有 1000 张照片");
    const [open] = doubtsOf({
      id: "i",
      flag_codes: ["photo-reused"],
      flags: [flag("photo-reused", "at least 197 more")],
    });
    expect(open?.sentences.at(-1)).toContain("至少 197 张");
    const listed = doubtsOf({ id: "i", flag_codes: ["late", "photo-small"] });
    expect(listed.map((doubt) => doubt.code)).toEqual(["late", "photo-small"]);
  });
});
