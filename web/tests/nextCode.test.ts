import { expect, test } from "vitest";
import { nextCode, positionOf, usualArea } from "../src/office/setup/nextCode";

test("the next code follows the greatest number there is", () => {
  for (const [codes, start, digits, next] of [
    [[], "U", 2, "U01"],
    [["U01", "U09", "U2x", "W77"], "U", 2, "U10"],
    [["U99"], "U", 2, "U100"],
    [["511723-MKT-0002", "511723-EST-0009"], "511723-MKT-", 4, "511723-MKT-0003"],
  ] as [string[], string, number, string][])
    expect(nextCode(codes, start, digits)).toBe(next);
});

test("the usual area is the one that most have", () => {
  expect(usualArea([])).toBe("");
  expect(usualArea(["511723001", "511723", "511723"])).toBe("511723");
});

test("a position is read as it is pasted", () => {
  const there = { lat: 31.21, lon: 107.49 };
  for (const text of ["31.21, 107.49", "31.21,107.49", "31.21，107.49", " 31.21 107.49 ", "31.21、 107.49"])
    expect(positionOf(text), text).toEqual(there);
  for (const text of ["", "31.21", "107.49, 31.21", "31.21, 207.49", "a, b", "31.21, 107.49, 3"])
    expect(positionOf(text), text).toBeNull();
});
