// The wall's pairs, where a slide show goes, and what is found in the audit records.
import { describe, expect, it } from "vitest";
import { pairOf } from "../src/office/reader/pairs";
import { backward, flipped, forward, onTime } from "../src/office/reader/slides";
import { actorsOf, fitsAudit } from "../src/office/settings/auditRows";

const photo = (id: string, stage: string, view: string, round = 1) => ({ id, stage, view, round }) as never;

describe("a pair", () => {
  it("is the far view, and the same angle of the last round", () => {
    const photos = [
      photo("near", "found", "near"),
      photo("far", "found", "far"),
      photo("old", "fix", "same-angle", 1),
      photo("wide", "fix", "wide", 2),
      photo("new", "fix", "same-angle", 2),
      photo("check", "check", "far", 2),
    ];
    expect(pairOf(photos)).toMatchObject({ before: { id: "far" }, after: { id: "new" } });
    expect(pairOf(photos.slice(0, 1))).toMatchObject({ before: { id: "near" }, after: null });
    expect(pairOf([])).toEqual({ before: null, after: null });
  });
});

describe("a slide show", () => {
  const hasAfter = [true, false, true];
  it("goes round, and begins each issue with how it was found", () => {
    expect(forward({ at: 2, isAfter: true }, 3)).toEqual({ at: 0, isAfter: false });
    expect(backward({ at: 0, isAfter: true }, 3)).toEqual({ at: 2, isAfter: false });
  });
  it("turns over what has two sides, and by itself shows both", () => {
    expect(flipped({ at: 1, isAfter: false }, hasAfter)).toEqual({ at: 1, isAfter: false });
    expect(flipped({ at: 0, isAfter: false }, hasAfter)).toEqual({ at: 0, isAfter: true });
    expect(onTime({ at: 0, isAfter: false }, hasAfter)).toEqual({ at: 0, isAfter: true });
    expect(onTime({ at: 0, isAfter: true }, hasAfter)).toEqual({ at: 1, isAfter: false });
    expect(onTime({ at: 1, isAfter: false }, hasAfter)).toEqual({ at: 2, isAfter: false });
  });
});

describe("audit records", () => {
  const record = (id: string | null, at: string) =>
    ({ actor: id === null ? null : { id, display_name: id }, at }) as Parameters<typeof fitsAudit>[0];
  it("are found by person and by the county's days, both included", () => {
    const late = record("b", "2026-11-29T16:30:00Z");
    expect(fitsAudit(late, { who: "", from: "2026-11-30", to: "2026-11-30" })).toBe(true);
    expect(fitsAudit(late, { who: "", from: "", to: "2026-11-29" })).toBe(false);
    expect(fitsAudit(late, { who: "a", from: "", to: "" })).toBe(false);
    expect(fitsAudit(record(null, "2026-11-29T16:30:00Z"), { who: "b", from: "", to: "" })).toBe(false);
    expect(actorsOf([late, record("a", ""), record(null, ""), late])).toEqual([
      ["a", "a"],
      ["b", "b"],
    ]);
  });
});
