import { expect, it } from "vitest";
import { cornersText, readCorners, squareAround } from "../src/office/plans/corners";
import { hoursOf, isOpen, surrounds, zoneAt } from "../src/place/zones";
import type { Zone } from "../src/place/zones";

const SQUARE = squareAround({ lat: 31, lon: 107.5 }, 200);
const zone = (more: Partial<Zone> = {}): Zone => ({
  corners: SQUARE,
  weekdays: 127,
  from: "06:00:00",
  to: "09:30:00",
  goods: "蔬菜",
  unit_id: "u",
  policy_no: "1号",
  valid_from: null,
  valid_to: null,
  ...more,
});
const at = (text: string) => Date.parse(`${text}+08:00`);

it("is open in its hours of the county's time, the end excluded", () => {
  for (const [when, expected] of [
    ["2026-08-03T05:59:59", false],
    ["2026-08-03T06:00:00", true],
    ["2026-08-03T09:29:59", true],
    ["2026-08-03T09:30:00", false],
  ] as const)
    expect(isOpen(zone(), at(when)), when).toBe(expected);
});

it("lasts over midnight where its end is not after its beginning, and is of the day on which it began", () => {
  // Mondays; 3 August 2026 is one.
  const night = zone({ weekdays: 1, from: "18:00:00", to: "02:00:00" });
  for (const [when, expected] of [
    ["2026-08-03T01:00:00", false],
    ["2026-08-03T18:00:00", true],
    ["2026-08-04T01:59:00", true],
    ["2026-08-04T02:00:00", false],
    ["2026-08-04T18:00:00", false],
  ] as const)
    expect(isOpen(night, at(when)), when).toBe(expected);
  const dated = zone({ valid_from: "2026-08-03", valid_to: "2026-08-03" });
  expect(["2026-08-02", "2026-08-03", "2026-08-04"].map((day) => isOpen(dated, at(`${day}T07:00:00`)))).toEqual([
    false,
    true,
    false,
  ]);
});

it("surrounds what lies between its corners", () => {
  expect(surrounds(zone(), { lat: 31.0008, lon: 107.5008 })).toBe(true);
  expect(surrounds(zone(), { lat: 31.001, lon: 107.5 })).toBe(false);
  expect(surrounds(zone(), { lat: 31, lon: 107.4985 })).toBe(false);
  // An L: the notch is outside.
  const notched = zone({
    corners: [
      { lat: 0, lon: 0 },
      { lat: 0, lon: 2 },
      { lat: 1, lon: 2 },
      { lat: 1, lon: 1 },
      { lat: 2, lon: 1 },
      { lat: 2, lon: 0 },
    ],
  });
  expect([surrounds(notched, { lat: 1.5, lon: 0.5 }), surrounds(notched, { lat: 1.5, lon: 1.5 })]).toEqual([
    true,
    false,
  ]);
  expect(zoneAt([zone()], { lat: 31, lon: 107.5 }, at("2026-08-03T07:00:00"))?.policy_no).toBe("1号");
  expect(zoneAt([zone()], { lat: 31, lon: 107.5 }, at("2026-08-03T10:00:00"))).toBe(undefined);
});

it("writes corners as lines and reads them again", () => {
  expect(readCorners(cornersText(SQUARE))).toEqual(SQUARE);
  expect(readCorners("31.1，107.5\n\n 31.2 107.6 ")).toEqual([
    { lat: 31.1, lon: 107.5 },
    { lat: 31.2, lon: 107.6 },
  ]);
  expect([readCorners("31.1"), readCorners("a, b"), readCorners("1,2,3")]).toEqual([null, null, null]);
  expect(hoursOf(zone())).toBe("06:00–09:30");
});
