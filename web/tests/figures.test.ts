// Figures: the lists that they lead to, shares, scales and the order of units.
import { describe, expect, it } from "vitest";
import { figureLink, scopeOf, spanOf } from "../src/office/figures/links";
import { beginOf, inOrder } from "../src/office/figures/order";
import { percentOf } from "../src/office/figures/rate";
import { scaleTo } from "../src/office/figures/scale";
import { dueOn } from "../src/office/Today";

const days = { from: "2026-11-16", to: "2026-11-23" };
const filters = (figure: Parameters<typeof figureLink>[0], scope = {}) =>
  Object.fromEntries(new URLSearchParams(figureLink(figure, days, scope).replace("#/issues?", "")));

describe("a figure leads to the list", () => {
  it("of what entered from midnight in the county to midnight", () => {
    expect(filters("entered")).toEqual({ from: "2026-11-15T16:00:00.000Z", to: "2026-11-22T16:00:00.000Z" });
    expect(filters("rebounds")).toMatchObject({ rebound: "true", from: "2026-11-15T16:00:00.000Z" });
  });

  it("of what was due, without what is void", () => {
    const { state, ...others } = filters("on_time");
    expect(others).toEqual({ due_from: "2026-11-16", due_to: "2026-11-23", on_time: "true" });
    expect(state?.split(",")).toHaveLength(12);
    expect(state).not.toContain("void");
    expect(filters("late").on_time).toBe("false");
  });

  it("of what was closed, and of what stands open, in what it is narrowed to", () => {
    expect(filters("rework")).toEqual({ closed_from: "2026-11-16", closed_to: "2026-11-23", round_min: "2" });
    expect(filters("open", { unit_id: "u" })).toEqual({
      unit_id: "u",
      state: "assigned,rectifying,redispatch,reported,rework,hung",
    });
    expect(filters("reminded")).toMatchObject({ reminded_min: "2", state: expect.stringContaining("assigned") });
    expect(filters("overdue", { campaign: "WM" })).toEqual({ campaign: "WM", overdue: "true", sort: "due_at" });
    expect(scopeOf(new URLSearchParams("unit_id=u&q=x&area="))).toEqual({ unit_id: "u" });
    expect(spanOf([days, { from: "2026-11-23", to: "2026-11-30" }])).toEqual({ from: "2026-11-16", to: "2026-11-30" });
  });
});

describe("a share", () => {
  it.each([
    [0, 0, null],
    [0, 3, 0],
    [1, 3, 33],
    [2, 3, 67],
    [3, 3, 100],
    [999, 1_000, 99],
    [1, 1_000, 1],
  ])("of %d of %d is %s", (count, due, percent) => {
    expect(percentOf(count, due)).toBe(percent);
  });
});

describe("a scale", () => {
  it.each([
    [0, [0, 1, 2, 3, 4]],
    [4, [0, 1, 2, 3, 4]],
    [5, [0, 2, 4, 6]],
    [21, [0, 10, 20, 30]],
    [100, [0, 25, 50, 75, 100]],
    [1_234, [0, 500, 1_000, 1_500]],
  ])("for figures up to %d has whole marks", (most, marks) => {
    expect(scaleTo(most)).toEqual({ end: marks[marks.length - 1], marks });
  });
});

describe("the units", () => {
  const unit = (name: string, overdue: number, on_time: number, due: number) =>
    ({ name, overdue, on_time, due }) as never;
  const names = (order: Parameters<typeof inOrder>[1]) =>
    inOrder([unit("b", 1, 1, 2), unit("a", 3, 0, 0), unit("c", 3, 1, 4)], order, ({ name }: never) => name).map(
      ({ name }: never) => name as string,
    );
  it("begin with the worst, and those without a rate are last either way", () => {
    expect(names(beginOf("overdue"))).toEqual(["a", "c", "b"]);
    expect(names(beginOf("rate"))).toEqual(["c", "b", "a"]);
    expect(names({ column: "rate", isDown: true })).toEqual(["b", "c", "a"]);
    expect(names(beginOf("name"))).toEqual(["a", "b", "c"]);
  });
});

describe("what is due today", () => {
  it("is of the county's day, also late in the evening elsewhere", () => {
    const { state, ...of } = dueOn(Date.parse("2026-11-29T22:00:00Z"));
    expect(of).toEqual({ due_from: "2026-11-30", due_to: "2026-12-01" });
    expect(state).toBe("assigned,rectifying,rework");
  });
});
