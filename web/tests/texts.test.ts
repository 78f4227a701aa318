import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { faultTitle, language, localTitle } from "../src/texts";
import { en } from "../src/texts/en";
import { zhStart } from "../src/texts/zh/start";
import { zhAccount } from "../src/texts/zh/account";
import { zhAnswer } from "../src/texts/zh/answer";
import { enBatches } from "../src/texts/en/batches";
import { enCards } from "../src/texts/en/cards";
import { enCharge } from "../src/texts/en/charge";
import { enDesk } from "../src/texts/en/desk";
import { enFollow } from "../src/texts/en/follow";
import { enFigures } from "../src/texts/en/figures";
import { enMonths } from "../src/texts/en/months";
import { enOffice } from "../src/texts/en/office";
import { enLeader } from "../src/texts/en/leader";
import { enNeeds } from "../src/texts/en/needs";
import { enSelfFound } from "../src/texts/en/selfFound";
import { enPlans } from "../src/texts/en/plans";
import { enSettings } from "../src/texts/en/settings";
import { zhBatches } from "../src/texts/zh/batches";
import { zhCards } from "../src/texts/zh/cards";
import { zhCharge } from "../src/texts/zh/charge";
import { zhDesk } from "../src/texts/zh/desk";
import { zhFigures } from "../src/texts/zh/figures";
import { zhFollow } from "../src/texts/zh/follow";
import { zhForms } from "../src/texts/zh/forms";
import { zhInspector } from "../src/texts/zh/inspector";
import { zhMeeting } from "../src/texts/zh/meeting";
import { enMeeting } from "../src/texts/en/meeting";
import { zhMonth } from "../src/texts/zh/month";
import { zhMonths } from "../src/texts/zh/months";
import { zhNotices } from "../src/texts/zh/notices";
import { zhOffice } from "../src/texts/zh/office";
import { zhOutbox } from "../src/texts/zh/outbox";
import { zhPhone } from "../src/texts/zh/phone";
import { zhLeader } from "../src/texts/zh/leader";
import { zhNeeds } from "../src/texts/zh/needs";
import { zhPlans } from "../src/texts/zh/plans";
import { zhSelfFound } from "../src/texts/zh/selfFound";
import { zhSettings } from "../src/texts/zh/settings";
import { zhUnit } from "../src/texts/zh/unit";
import { zhVisits } from "../src/texts/zh/visits";

const document = JSON.parse(readFileSync(resolve(__dirname, "../../docs/generated/openapi.json"), "utf8")) as {
  components: { schemas: Record<string, { enum?: string[] }> };
};
const chinese: Record<string, string> = {
  ...zhStart,
  ...zhAccount,
  ...zhAnswer,
  ...zhBatches,
  ...zhCards,
  ...zhCharge,
  ...zhDesk,
  ...zhFollow,
  ...zhFigures,
  ...zhForms,
  ...zhInspector,
  ...zhMonth,
  ...zhMonths,
  ...zhNotices,
  ...zhOffice,
  ...zhOutbox,
  ...zhPhone,
  ...zhLeader,
  ...zhNeeds,
  ...zhSelfFound,
  ...zhMeeting,
  ...zhPlans,
  ...zhSettings,
  ...zhUnit,
  ...zhVisits,
};
const english: Record<string, string> = {
  ...en,
  ...enBatches,
  ...enCards,
  ...enCharge,
  ...enDesk,
  ...enFigures,
  ...enFollow,
  ...enMonths,
  ...enOffice,
  ...enLeader,
  ...enNeeds,
  ...enSelfFound,
  ...enMeeting,
  ...enPlans,
  ...enSettings,
};

/** Codes of the contract and the prefix of their texts. */
const CODES: [schema: string, prefix: string][] = [
  ["State", "issue"],
  ["Action", "do"],
  ["FlagCode", "flag"],
  ["FieldCode", "field"],
  ["Severity", "severity"],
  ["Role", "role"],
  ["PhotoView", "view"],
  ["PhotoStage", "stage"],
  ["Remedy", "remedy"],
  ["RequestKind", "request"],
  ["ImportKind", "import"],
  ["Basis", "basis"],
  ["DutyRole", "duty"],
  ["AuditAction", "audit"],
  ["Outcome", "outcome"],
  ["JobKind", "job"],
  ["ComplaintKind", "complaintKind"],
  ["Crs", "crs"],
  ["Chip", "chip"],
  ["UnitDuty", "charge.duty"],
  ["NoticeKind", "notice"],
  ["Choke", "follow.choke"],
  ["CardAction", "follow.action"],
  ["CardState", "follow.state"],
  ["Measure", "follow.measure"],
  ["Trigger", "follow.trigger"],
  ["Addressee", "follow.addressee"],
  ["SampleKind", "follow.kind"],
  ["SampleReason", "follow.why"],
  ["SampleRowState", "follow.row"],
  ["DayPart", "follow.part"],
  ["LookBackResult", "follow.result"],
  ["PointStanding", "pointBoard"],
  ["Light", "light"],
  ["Need", "needs"],
  ["AssessmentKind", "assessment"],
  ["BatchState", "batchState"],
  ["BatchAction", "batchDo"],
  ["BatchAction", "batchDone"],
  ["SlotKind", "slotKind"],
  ["Reason", "undrawable"],
  ["ItemResult", "visitResult"],
  ["MonthState", "monthState"],
  ["Metric", "metric"],
  ["ScoreTerm", "term"],
  ["RowKind", "rowKind"],
  ["DeductionHead", "head"],
  ["BonusHead", "bonus"],
  ["Ruling", "ruling"],
  ["Listed", "listed"],
  ["PointStanding", "standing"],
  ["EntryKind", "entryKind"],
  ["EntryState", "entryState"],
  ["EntryAction", "entryAction"],
  ["Cashing", "cashing"],
];

/** Words of the same set that only the office needs. */
const OF_OFFICE: Record<string, string> = { flag: "officeFlag" };
const saidOf = (texts: Record<string, string>, prefix: string, code: string): string | undefined =>
  texts[`${prefix}.${code}`] ?? texts[`${OF_OFFICE[prefix] ?? prefix}.${code}`];

describe("the words", () => {
  it.each(["zh", "en"])("have one place each in %s: the part that is fetched last would change them", (folder) => {
    const at = resolve("src/texts", folder);
    const files = readdirSync(at).map((name) => readFileSync(resolve(at, name), "utf8"));
    const keys = files.flatMap((text) => [...text.matchAll(/^ +"([a-zA-Z]+\.[^"]+)":/gm)].map((match) => match[1]));
    expect(keys.length).toBeGreaterThan(500);
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
  });

  it.each(CODES)("say every %s in both languages", (schema, prefix) => {
    const codes = document.components.schemas[schema]?.enum ?? [];
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) {
      expect(saidOf(chinese, prefix, code), `${prefix}.${code} in Chinese`).toMatch(/[\u4e00-\u9fff]/);
      expect(saidOf(english, prefix, code), `${prefix}.${code} in English`).toMatch(/[A-Za-z]/);
    }
  });

  it("have the same keys and the same places for values", () => {
    expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort());
    const places = (words: string) => [...words.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
    for (const [key, words] of Object.entries(chinese)) {
      if (key === "time.day") continue;
      expect(places(english[key] ?? ""), key).toEqual(places(words));
    }
  });

  it("are written with full-width punctuation in Chinese", () => {
    for (const [key, words] of Object.entries(chinese))
      expect(words, key).not.toMatch(/[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\(/);
  });
});

describe("what was found", () => {
  afterEach(() => {
    language.value = "zh-CN";
  });
  const lane = { title: "消防通道不占用堵塞", title_en: "Fire lanes kept clear", fault: "消防通道被占用、堵塞" };

  it("is named by what is wrong, and what was asked for by its title", () => {
    expect(faultTitle(lane)).toBe("消防通道被占用、堵塞");
    expect(localTitle(lane)).toBe("消防通道不占用堵塞");
  });

  it("is named by the title where nothing else is said, as by a service of before", () => {
    expect(faultTitle({ title: "本县自定", title_en: "" })).toBe("本县自定");
    expect(faultTitle({ ...lane, fault: "" })).toBe("消防通道不占用堵塞");
    expect(faultTitle(undefined)).toBe("");
  });

  it("is named in English by the English title, which is all there is", () => {
    language.value = "en";
    expect(faultTitle(lane)).toBe("Fire lanes kept clear");
    expect(faultTitle({ ...lane, title_en: "" })).toBe("消防通道被占用、堵塞");
  });
});
