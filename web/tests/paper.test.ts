// Printed facts of an issue: only those that paper names, whoever prints it.
import { describe, expect, it } from "vitest";
import { idsIn, paperDay, paperDeadline, sheetOf } from "../src/desk/print/sheet";
import type { Printable } from "../src/desk/print/sheet";
import { language } from "../src/texts";

const person = (name: string) => ({ id: name, display_name: name });
const photo = (id: string, stage: string, round = 1) => ({ id, stage, round, view: "wide", has_preview: true });
const issue = {
  id: "i1",
  number: "2026-1",
  state: "rework",
  severity: "high",
  urgent: false,
  overdue: true,
  round: 2,
  unit_id: "u1",
  point: { id: "p1", name: "禾苑小区", address: "禾丰路22号", code: "CODE", type: "T", location: { lat: 1, lon: 2 } },
  item_code: "SL-01",
  description: "楼道堆物",
  released_at: "2026-11-24T01:00:00Z",
  due_at: "2026-11-26T16:00:00Z",
  handler: "李建国",
  measure: "已清理",
  remedy: "quick",
  captured_at: "CAPTURED",
  received_at: "RECEIVED",
  found_on: { date: "FOUND", half_day: "morning" },
  finder: person("FINDER"),
  checker: person("CHECKER"),
  approved_by: person("REVIEWER"),
  released_by: person("RELEASER"),
  rejection: { by: person("REJECTER"), reason: "REJECTED", at: "" },
  requests: [{ reason: "REQUEST", first_vote: { by: person("VOTER") } }],
  flag_codes: ["FLAG"],
  photos: [
    photo("a", "found"),
    photo("b", "fix", 1),
    photo("c", "fix", 2),
    photo("d", "check", 1),
    photo("e", "look-back"),
    photo("f", "request"),
  ],
} as unknown as Printable;

describe("a sheet of paper", () => {
  it("says nobody's name and no time of a visit", () => {
    const said = JSON.stringify(sheetOf(issue));
    expect(said).toContain("禾苑小区");
    expect(said.match(/[A-Z]{4,}/g)).toBeNull();
  });

  it("shows what was found and the latest fix, and no photo of a visit", () => {
    const sheet = sheetOf(issue);
    expect(sheet?.found.map(({ id }) => id)).toEqual(["a"]);
    expect(sheet?.fix.map(({ id }) => id)).toEqual(["c"]);
    expect(sheetOf({ ...issue, photos: [] } as Printable)?.fix).toEqual([]);
  });

  it("exists only after the release, and has no deadline while the clock stands", () => {
    expect(sheetOf({ ...issue, number: null } as Printable)).toBeNull();
    expect(sheetOf({ ...issue, state: "hung" } as Printable)?.dueAt).toBeNull();
  });

  it("says days with their year, and midnight as the end of a day", () => {
    expect(paperDeadline("2026-11-26T16:00:00Z")).toBe("2026年11月26日 24:00");
    expect(paperDeadline("2031-01-05T02:30:00Z")).toBe("2031年1月5日 10:30");
    language.value = "en";
    expect(paperDay("2026-11-26T04:00:00Z")).toBe("26 Nov 2026");
    expect(paperDay("2031-11-26T04:00:00Z")).toBe("26 Nov 2031");
    language.value = "zh-CN";
  });

  it("is printed once for each id, and not for more than a printer takes", () => {
    expect(idsIn("a,b,,a,c", 2)).toEqual({ ids: ["a", "b"], isCut: true });
    expect(idsIn("", 2)).toEqual({ ids: [], isCut: false });
  });
});
