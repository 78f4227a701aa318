import { describe, expect, it } from "vitest";
import { monthBegin, monthFigures, monthsUpTo, onTimePercent } from "../src/unit/months";

const issue = (change: object) =>
  ({
    released_at: "2026-08-10T02:00:00Z",
    state: "rectifying",
    on_time: null,
    overdue: false,
    returns: [],
    round: 1,
    ...change,
  }) as unknown as Parameters<typeof monthFigures>[0][number];

describe("a unit's months", () => {
  it("go back over the year's end, and begin at midnight in the county", () => {
    expect(monthsUpTo(Date.parse("2026-01-31T18:00:00Z"), 3)).toEqual(["2026-02", "2026-01", "2025-12"]);
    expect(monthBegin("2026-08")).toBe("2026-07-31T16:00:00.000Z");
  });

  it("count every issue once, in the month of its release", () => {
    const [august, july] = monthFigures(
      [
        issue({}),
        issue({ overdue: true }),
        issue({ state: "closed", on_time: true }),
        issue({ state: "archived", on_time: false, round: 2 }),
        issue({ state: "void" }),
        issue({ returns: [{ unit_id: "u" }] }),
        issue({ returns: [{ unit_id: "other" }] }),
        issue({ released_at: "2026-07-31T15:59:00Z" }),
        issue({ released_at: "2026-07-31T16:00:00Z" }),
        issue({ released_at: null }),
      ],
      ["2026-08", "2026-07"],
      "u",
    );
    expect(august).toEqual({
      month: "2026-08",
      total: 8,
      onTime: 1,
      late: 1,
      overdue: 1,
      open: 4,
      void: 1,
      returned: 1,
      rework: 1,
    });
    expect(july?.total).toBe(1);
    expect(onTimePercent({ onTime: 1, late: 1, overdue: 1 })).toBe(33);
    expect(onTimePercent({ onTime: 0, late: 0, overdue: 0 })).toBeNull();
  });
});
