// The months: what comes next, how figures are written, and the rules as rows.
import { afterEach, describe, expect, it } from "vitest";
import type { Rules } from "../src/api/months";
import { groupsOf } from "../src/months/Ranking";
import { changed, CHOICES, rowsOf, withValues } from "../src/months/rules";
import { dateOf, nextStep, STAGES, stageOf, unanswered } from "../src/months/step";
import { byUnit, exactText, monthText, movedText, orNone, shareText, shortDigest, signed } from "../src/months/words";
import { reference } from "../src/session/reference";
import type { Reference } from "../src/api/types";
import { zhMonths } from "../src/texts/zh/months";

type Known = Parameters<typeof nextStep>[0] & Parameters<typeof stageOf>[0];
const NOW = Date.parse("2026-10-13T02:00:00Z");
const month = (changes: object = {}): Known =>
  ({
    state: "open",
    last_day: "2026-09-30",
    freeze_on: "2026-10-09",
    objections_until: "2026-10-14T16:00:00Z",
    decide_until: "2026-10-16T16:00:00Z",
    lock_until: "2026-10-20T16:00:00Z",
    objections: [],
    office: { first_vote: null },
    allowed_actions: [],
    ...changes,
  }) as unknown as Known;
const objection = (is_upheld: boolean | null) => ({ id: "o", is_upheld });

describe("the next step of a month", () => {
  it("is to wait until it may be frozen, then to freeze it, then to open the preview", () => {
    const early = Date.parse("2026-10-08T15:59:59Z");
    expect(nextStep(month(), early, "u1")).toEqual({ kind: "wait-cutoff", at: "2026-10-09", isFrom: true });
    expect(nextStep(month(), early + 1_000, "u1")).toEqual({ kind: "freeze", at: "2026-10-09", isFrom: true });
    expect(nextStep(month({ state: "frozen" }), NOW, "u1").kind).toBe("preview");
  });

  it("is to answer objections whenever one waits, and to decide once the time for them is over", () => {
    const waits = month({ state: "preview" });
    expect(nextStep(waits, NOW, "u1")).toMatchObject({ kind: "wait-objections", at: "2026-10-14T16:00:00Z" });
    const asked = month({ state: "preview", objections: [objection(false), objection(null)] });
    expect(nextStep(asked, NOW, "u1").kind).toBe("answer");
    expect(nextStep(asked, Date.parse("2026-10-15T00:00:00Z"), "u1").kind).toBe("answer");
    const answered = month({ state: "preview", objections: [objection(true)] });
    expect(nextStep(answered, Date.parse(waits.objections_until), "u1").kind).toBe("decide");
    expect(unanswered([objection(null), objection(true), objection(false)])).toHaveLength(1);
  });

  it("is to lock it, which takes two people", () => {
    const kind = (office: object, me = "u1") => nextStep(month({ state: "decided", office }), NOW, me).kind;
    expect(kind({ first_vote: null })).toBe("lock-first");
    expect(kind({ first_vote: { by: "u1", at: "" } })).toBe("lock-other");
    expect(kind({ first_vote: { by: "u1", at: "" } }, "u2")).toBe("lock-second");
  });

  it("is the circular, and then none", () => {
    expect(nextStep(month({ state: "locked" }), NOW, "u1")).toEqual({ kind: "publish", at: null, isFrom: false });
    expect(nextStep(month({ state: "published" }), NOW, "u1").kind).toBe("done");
  });

  it("has a place in the strip, which moves on only", () => {
    const at = (changes: object, now = NOW) => {
      const stage = stageOf(month(changes), now);
      return stage === null ? STAGES.length : STAGES.indexOf(stage);
    };
    expect([
      at({}, Date.parse("2026-09-30T15:59:59Z")),
      at({}),
      at({ state: "frozen" }),
      at({ state: "preview" }),
      at({ state: "preview" }, Date.parse("2026-10-15T00:00:00Z")),
      at({ state: "decided" }),
      at({ state: "locked" }),
      at({ state: "published" }),
    ]).toEqual([0, 1, 1, 2, 3, 4, 5, 6]);
  });

  it("has a date at each stage but the circular", () => {
    const dates = STAGES.map((stage) => dateOf(stage, month() as unknown as Parameters<typeof dateOf>[1]));
    expect(dates).toEqual([
      "2026-09-30",
      "2026-10-09",
      "2026-10-14T16:00:00Z",
      "2026-10-16T16:00:00Z",
      "2026-10-20T16:00:00Z",
      null,
    ]);
  });
});

describe("a figure of a month", () => {
  it("says ranks gained and lost in signs and in words", () => {
    expect(movedText(2)).toEqual({ short: "▲2", whole: "上升 2 位" });
    expect(movedText(-1)).toEqual({ short: "▼1", whole: "下降 1 位" });
    expect(movedText(0)).toEqual({ short: "持平", whole: "持平" });
    expect(movedText(null)).toEqual({ short: "–", whole: "上月无名次" });
  });

  it("does not apply where there is none, and is never 0 or 100 % then", () => {
    expect(orNone(null)).toBe("不适用");
    expect(orNone("0.00%")).toBe("0.00%");
    expect(shareText({ part: "911", whole: "972" })).toBe("911 / 972");
    expect(shareText({ part: "2", whole: null })).toBe("2");
  });

  it("has a sign where points are added or taken away", () => {
    expect([signed("2.50", "-"), signed("0.00", "-"), signed("0.10", "+")]).toEqual(["−2.50", "0", "+0.10"]);
    expect([signed("-1.50"), signed("1.00"), signed("0.00")]).toEqual(["−1.50", "+1.00", "0"]);
  });

  it("is a decimal where an exact number has one", () => {
    expect([exactText("9/20"), exactText("30"), exactText("3/2"), exactText("1/3")]).toEqual([
      "0.45",
      "30",
      "1.5",
      "1/3",
    ]);
    expect(exactText("-1/8")).toBe("-0.125");
  });

  it("shows enough of a digest to compare it aloud", () => {
    expect(shortDigest("0123456789abcdef")).toBe("01234567…cdef");
    expect(monthText("2026-09")).toBe("2026年9月");
  });

  it("stands in its group, in the order of the ranking", () => {
    const units = [
      { peer_group: "街道", rank: 1 },
      { peer_group: "乡镇", rank: 1 },
      { peer_group: "街道", rank: 2 },
      { peer_group: "街道", rank: 2 },
      { peer_group: "街道", rank: 4 },
    ];
    expect(groupsOf(units).map(([group, of]) => [group, of.map((unit) => unit.rank)])).toEqual([
      ["街道", [1, 2, 2, 4]],
      ["乡镇", [1]],
    ]);
  });
});

describe("units without a rank", () => {
  const found = [{ unit_id: "b" }, { unit_id: "c" }, { unit_id: "a" }];
  afterEach(() => {
    reference.value = null;
  });

  it("stand in the county's own order of its units, and as they came until that is known", () => {
    expect(byUnit(found)).toEqual(found);
    reference.value = { units: [{ id: "a" }, { id: "b" }, { id: "c" }] } as unknown as Reference;
    expect(byUnit(found).map(({ unit_id }) => unit_id)).toEqual(["a", "b", "c"]);
    expect(found[0]).toEqual({ unit_id: "b" });
  });
});

describe("the rules", () => {
  const rules = {
    version: 3,
    terms: { points: "9/20", handling: "7/20", durability: "1/5" },
    rework_base: "due-to-close",
    on_time_closing: "all",
    demo_weight: "3/2",
    stale_days: 92,
    look_back: { from_days: 7 },
  } as unknown as Rules;

  it("are rows, each with its pointer and in its group", () => {
    expect(rowsOf(rules)).toContainEqual({ pointer: "/terms/points", group: "terms", value: "9/20" });
    expect(rowsOf(rules)).toContainEqual({ pointer: "/stale_days", group: "rates", value: 92 });
    expect(rowsOf(rules).map((row) => row.pointer)).not.toContain("/version");
  });

  it("become the next version, counts as numbers and exact numbers as texts", () => {
    const next = withValues(rules, { "/terms/points": " 0.4 ", "/stale_days": "60", "/rework_base": "checks" });
    expect(next).toMatchObject({ version: 4, terms: { points: "0.4", handling: "7/20" }, stale_days: 60 });
    expect(next.rework_base).toBe("checks");
    expect(changed(rules, next)).toEqual(["/terms/points", "/rework_base", "/stale_days"]);
    // The first one is not touched.
    expect(rules.terms.points).toBe("9/20");
  });

  it("leave what is no count to the service", () => {
    expect(withValues(rules, { "/look_back/from_days": "七" }).look_back.from_days).toBe("七");
  });

  it("have words for every choice", () => {
    for (const choices of Object.values(CHOICES))
      for (const choice of choices) expect(zhMonths).toHaveProperty([`ruleChoice.${choice}`]);
  });
});
