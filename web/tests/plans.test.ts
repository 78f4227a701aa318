import { describe, expect, it } from "vitest";
import { lastMonths } from "../src/office/plans/MonthChoice";
import { scaleOf } from "../src/office/plans/ScheduleChart";
import { withoutLast, withTask } from "../src/office/plans/ScheduleForm";
import { shadeOf } from "../src/office/plans/heat";

describe("a heat table", () => {
  it("has no shade for nothing, the darkest for the greatest, and always some for anything", () => {
    expect([0, 1, 10, 99, 100].map((value) => shadeOf(value, 100))).toEqual([0, 1, 1, 5, 5]);
    expect(shadeOf(0, 0)).toBe(0);
  });
});

describe("a schedule", () => {
  const task = (key: string, before: number[] = []) => ({ key, name: key, days: 1, before, progress: 0 });

  it("grows by a task that waits for the last one, and shrinks by it", () => {
    const two = withTask([task("a")], task("b"));
    expect(two).toEqual([task("a", [1]), task("b")]);
    expect(withTask(two, task("c"))).toEqual([task("a", [1]), task("b", [2]), task("c")]);
    expect(withoutLast(two)).toEqual([task("a")]);
  });

  it("is drawn from the first start to the end, and shows today only in between", () => {
    const tasks = [{ latest_start: "2027-08-01", latest_finish: "2027-08-11" }] as never[];
    const scale = scaleOf({ tasks, end: "2027-08-21", today: "2027-08-11" }, 100, 308);
    expect(["2027-08-01", "2027-08-11", "2027-08-21"].map(scale.at)).toEqual([100, 200, 300]);
    expect(scale.hasToday).toBe(true);
    expect(scaleOf({ tasks, end: "2027-08-21", today: "2027-08-22" }, 100, 308).hasToday).toBe(false);
  });
});

describe("the choice of a month", () => {
  it("goes back over the end of a year", () => {
    expect(lastMonths("2027-02").slice(0, 3)).toEqual(["2027-02", "2027-01", "2026-12"]);
    expect(lastMonths("2027-02")).toHaveLength(12);
  });
});
