import { describe, expect, it } from "vitest";
import type { UnitPerson } from "../src/api/charge";
import { byUnit, earliest, mayEnd, ofDuty, standOf } from "../src/office/charge/terms";

const TODAY = "2026-08-03";
const YESTERDAY = "2026-08-02";
const person = (from: string, name: string, current = false, duty: UnitPerson["duty"] = "principal"): UnitPerson => ({
  duty,
  from,
  person: name,
  phone: "",
  current,
});

describe("people in charge of a unit", () => {
  const all = [
    person("2024-01-01", "甲"),
    person("2025-01-01", "乙", true),
    person("2026-09-01", ""),
    person("2026-08-20", "丙"),
    person("2025-01-01", "丁", true, "liaison"),
  ];
  it("are one now, and those to come in their order", () => {
    const { now, later, all: ofIt } = ofDuty(all, "principal", TODAY);
    expect(now?.person).toBe("乙");
    expect(later.map(({ from }) => from)).toEqual(["2026-08-20", "2026-09-01"]);
    expect(ofIt).toHaveLength(4);
    expect(ofDuty(all, "vice-head", TODAY)).toEqual({ now: undefined, later: [], all: [] });
  });

  it("begin today or later, but for the first that is ever noted", () => {
    expect(earliest([], TODAY)).toBeUndefined();
    expect(earliest([person(TODAY, "甲")], TODAY)).toBeUndefined();
    expect(earliest([person(YESTERDAY, "甲")], TODAY)).toBe(TODAY);
  });

  it("are told apart by unit", () => {
    const of = (unit_id: string, from: string) => ({ ...person(from, "甲"), unit_id });
    const units = byUnit([of("u1", "2024-01-01"), of("u2", "2024-01-01"), of("u1", "2026-09-01")]);
    expect([...units].map(([unit, people]) => [unit, people.length])).toEqual([
      ["u1", 2],
      ["u2", 1],
    ]);
  });
});

describe("a pairing", () => {
  it.each([
    ["2026-08-04", null, "later", false],
    [TODAY, null, "now", true],
    [TODAY, TODAY, "now", true],
    ["2026-01-01", YESTERDAY, "over", true],
    ["2026-01-01", "2026-08-01", "over", false],
  ] as const)("from %s to %s is %s", (from, to, stand, end) => {
    expect(standOf({ from, to }, TODAY)).toBe(stand);
    expect(mayEnd({ from, to }, TODAY, YESTERDAY)).toBe(end);
  });
});
