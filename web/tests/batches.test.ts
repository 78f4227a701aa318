// Batches of visits: the form of a plan, what comes next and for whom, and what the office reads of a visit.
import { describe, expect, it } from "vitest";
import type { Batch, BatchState, Plan } from "../src/api/batches";
import { daysOf, isWorked, lastOfMonth, nextDay, weekdayOf } from "../src/office/batches/days";
import { covers, differences, formOf, freshForm, placesOf, planOf, slotsOf } from "../src/office/batches/planForm";
import { isMine, missed, nextOf, stageOf } from "../src/office/batches/steps";
import { byNeed, doubtsOf, observedPercent } from "../src/office/batches/visits";

const CALENDAR = { off: ["2026-10-01", "2026-10-02"], makeup: ["2026-10-10"] };

describe("days of a window", () => {
  it("are worked by the calendar before the weekday", () => {
    expect(["2026-09-30", "2026-10-01", "2026-10-03", "2026-10-10"].map((day) => isWorked(day, CALENDAR))).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(weekdayOf("2026-10-04")).toBe(7);
  });

  it("are none where there is no window", () => {
    expect(daysOf("2026-10-30", "2026-11-01")).toEqual(["2026-10-30", "2026-10-31", "2026-11-01"]);
    expect(daysOf("2026-10-02", "2026-10-01")).toEqual([]);
    expect(daysOf("", "2026-10-01")).toEqual([]);
    expect(daysOf("2026-10-01", "2036-10-01")).toHaveLength(31);
    expect([lastOfMonth("2028-02-03"), nextDay("2026-12-31", 1)]).toEqual(["2028-02-29", "2027-01-01"]);
  });
});

describe("a plan", () => {
  const form = { ...freshForm("2026-09-29"), title: "第一批" };

  it("begins tomorrow, and ends in the same month", () => {
    expect([form.window_from, form.window_to]).toEqual(["2026-09-30", "2026-09-30"]);
    expect(freshForm("2026-10-03").window_to).toBe("2026-10-17");
  });

  it("has the slots of each day by whether it is worked", () => {
    const window = { ...form, window_from: "2026-09-30", window_to: "2026-10-01" };
    expect(slotsOf(window, CALENDAR).map(({ date, from_minute, kind }) => [date, from_minute, kind])).toEqual([
      ["2026-09-30", 540, "day"],
      ["2026-09-30", 870, "day"],
      ["2026-09-30", 1140, "evening"],
      ["2026-10-01", 570, "weekend"],
      ["2026-10-01", 900, "weekend"],
    ]);
    expect(slotsOf({ ...window, skipped: ["2026-09-30"] }, CALENDAR)).toHaveLength(2);
  });

  it("that is stored is the same form again", () => {
    const filled = {
      ...form,
      window_from: "2026-10-09",
      window_to: "2026-10-12",
      skipped: ["2026-10-12"],
      quotas: [{ point_type: "MKT", area: "990001", count: "3" }],
      pair_types: ["EST"],
    };
    const plan = planOf(filled, CALENDAR);
    const again = formOf(plan, CALENDAR);
    expect(again.kept).toBeNull();
    expect(planOf(again, CALENDAR)).toEqual(plan);
    expect(again.skipped).toEqual(["2026-10-12"]);
    expect(placesOf(plan)).toBe(6 + 12 + 3);
  });

  it("keeps slots that differ from day to day, until a time is changed", () => {
    const plan = planOf({ ...form, window_from: "2026-10-08", window_to: "2026-10-09" }, CALENDAR);
    const odd: Plan = { ...plan, rules: { ...plan.rules, slots: plan.rules.slots.slice(1) } };
    const again = formOf(odd, CALENDAR);
    expect(again.kept).toEqual(odd.rules.slots);
    expect(planOf(again, CALENDAR).rules.slots).toEqual(odd.rules.slots);
    expect(planOf({ ...again, kept: null }, CALENDAR).rules.slots.length).toBeGreaterThan(odd.rules.slots.length);
  });

  it("sends what is no number as 0, which the service refuses at its field", () => {
    const numbers = { ...form.numbers, open_places: "vier", evening_min: " 2 " };
    const { rules } = planOf({ ...form, numbers }, CALENDAR);
    expect([rules.open_places, rules.evening_min]).toEqual([0, 2]);
  });

  it("ends at midnight where a time says 00:00", () => {
    const bands = { ...form.bands, evening: [{ from: "22:00", to: "00:00" }] };
    const night = slotsOf({ ...form, bands }, CALENDAR).find(({ kind }) => kind === "evening");
    expect([night?.from_minute, night?.to_minute]).toEqual([1320, 1440]);
    const again = formOf(planOf({ ...form, bands }, CALENDAR), CALENDAR);
    expect([again.kept, again.bands.evening]).toEqual([null, bands.evening]);
  });

  it("covers what it names, or everything", () => {
    const point = { campaigns: ["WM"], area_code: "990001", active: true };
    expect(covers({ campaigns: [], areas: [] }, point)).toBe(true);
    expect(covers({ campaigns: ["WS"], areas: [] }, point)).toBe(false);
    expect(covers({ campaigns: ["WS", "WM"], areas: ["990002"] }, point)).toBe(false);
    expect(covers({ campaigns: [], areas: ["990001"] }, { ...point, active: false })).toBe(false);
  });

  it("names the parts in which it differs from a colleague's", () => {
    const mine = planOf(form, CALENDAR);
    const theirs = {
      ...mine,
      title: "其他",
      rules: { ...mine.rules, evening_min: 9, slots: [...mine.rules.slots].reverse() },
    };
    expect(differences(mine, theirs)).toEqual(["title", "evening_min"]);
  });
});

const signed = (by: string) => ({ by, at: "2026-10-01T01:00:00Z" });
function batch(state: BatchState, more: Partial<Batch> = {}) {
  return {
    state,
    plan: planOf({ ...freshForm("2026-10-05"), title: "x" }, CALENDAR),
    proposed: signed("p"),
    approved: signed("a"),
    reviewed: signed("r"),
    open_tasks: 0,
    unreviewed_reports: 0,
    abandon_vote: null,
    ...more,
  };
}

describe("what comes next", () => {
  const TODAY = "2026-10-06";
  it.each<[Parameters<typeof nextOf>[0], string, string]>([
    [batch("draft"), "p", "propose"],
    [batch("proposed"), "p", "approve-other"],
    [batch("proposed"), "a", "approve"],
    [batch("approved"), "a", "draw"],
    [batch("approved"), "p", "draw-other"],
    [batch("drawn", { open_tasks: 3 }), "a", "wait-begin"],
    [batch("under-way", { open_tasks: 1, unreviewed_reports: 2 }), "a", "wait-tasks"],
    [batch("under-way", { unreviewed_reports: 2 }), "a", "review-reports"],
    [batch("under-way"), "a", "review"],
    [batch("reviewed"), "a", "release-approver"],
    [batch("reviewed"), "r", "release-reviewer"],
    [batch("reviewed"), "p", "release"],
    [batch("reviewed", { unreviewed_reports: 1 }), "p", "review-reports"],
    [batch("released"), "p", "released"],
  ])("%# is for %s", (known, me, next) => {
    expect(nextOf(known, me, TODAY)).toBe(next);
  });

  it("is nothing more once the window has passed, but what was drawn goes on", () => {
    for (const state of ["draft", "proposed", "approved"] as const)
      expect(nextOf(batch(state), "a", "2026-11-01")).toBe("window-passed");
    expect(nextOf(batch("under-way"), "a", "2026-11-01")).toBe("review");
  });

  it("waits for those who can do it", () => {
    expect(isMine(batch("proposed"), "p", TODAY)).toBe(false);
    expect(isMine(batch("proposed"), "x", TODAY)).toBe(true);
    const vote = { abandon_vote: signed("p") };
    expect(isMine(batch("drawn", vote), "p", TODAY)).toBe(false);
    expect(isMine(batch("drawn", vote), "x", TODAY)).toBe(true);
    expect(isMine(batch("abandoned", vote), "x", TODAY)).toBe(false);
  });

  it("is a stage of the strip", () => {
    expect(stageOf(batch("under-way", { open_tasks: 1 }))).toBe("visits");
    expect(stageOf(batch("under-way"))).toBe("review");
    expect(stageOf(batch("released"))).toBeNull();
    expect(missed({ tasks: 9, visited: 4, open_tasks: 3 })).toBe(2);
  });
});

describe("a visit", () => {
  const score = { value: "90.00", vetoed_by: [], observed_weight: 20, total_weight: 30 };
  const seen = (item_code: string, result: "conforms" | "fails" | "mostly") => ({
    item_code,
    result,
    note: "",
    photo_ids: [],
    issue_id: null,
    permitted_by: null,
  });
  const visit = {
    clock_set_back_seconds: null,
    location: { lat: 31, lon: 107, accuracy_m: 10 },
    missing_photos: [],
    score,
    results: [seen("B", "conforms"), seen("A", "conforms"), seen("C", "fails")],
    began_at: "2026-10-06T01:00:00Z",
    ended_at: "2026-10-06T01:20:00Z",
  };
  const place = { location: { lat: 31, lon: 107 }, radius_m: 60 };

  it("shows what fails first", () => {
    expect(byNeed(visit.results).map(({ item_code }) => item_code)).toEqual(["C", "A", "B"]);
    expect(observedPercent(score)).toBe(66);
  });

  it("names what somebody should look at", () => {
    expect(doubtsOf(visit, place)).toEqual([]);
    const odd = {
      ...visit,
      location: { lat: 31.01, lon: 107, accuracy_m: 10 },
      missing_photos: ["x"],
      score: { ...score, value: null },
      ended_at: "2026-10-06T01:00:05Z",
    };
    expect(doubtsOf(odd, place)).toEqual(["short", "outside", "photos", "invalid"]);
    expect(doubtsOf({ ...odd, clock_set_back_seconds: 60, location: null }, place)).toEqual([
      "clock",
      "no-position",
      "photos",
      "invalid",
    ]);
  });
});
