// The pairs on the wall, the order of a slide show, and searching the audit records.
import { describe, expect, it } from "vitest";
import { pairOf } from "../src/office/reader/pairs";
import { backward, flipped, forward, onTime } from "../src/office/reader/slides";
import { auditQuery } from "../src/api/audit";
import { askedOf, gatherAudit, peopleOf } from "../src/office/settings/auditRows";

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
  const all = { action: null, who: "", from: "", to: "" };
  it("are asked for by person and by the county's days, both included", () => {
    expect(auditQuery(askedOf(all))).toBe("");
    expect(auditQuery(askedOf({ ...all, action: "imported", who: "b" }))).toBe("action=imported&who=b");
    expect(auditQuery(askedOf({ ...all, from: "2026-11-30", to: "2026-12-31" }))).toBe("from=2026-11-30&to=2027-01-01");
  });
  it("are not asked for between days that are in no order", async () => {
    await expect(gatherAudit({ ...all, from: "2026-11-30", to: "2026-11-29" })).resolves.toEqual({
      items: [],
      isCut: false,
    });
  });
  it("name people in the order of a Chinese list", () => {
    const people = ["张三", "李四", "陈五"].map((name) => ({ id: name, display_name: name }));
    expect(peopleOf(people).map(([, name]) => name)).toEqual(["陈五", "李四", "张三"]);
  });
});
