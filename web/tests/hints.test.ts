import { describe, expect, it } from "vitest";
import type { InspectorIssue, State } from "../src/api/types";
import { lastReport, reportedBefore } from "../src/inspector/hints";
import type { ReportEntry } from "../src/outbox/entry";
import { answerEntry, reportEntry } from "./records";

const here = { pointId: "pt", itemCode: "WM-07", ownId: "own" };
const issue = (id: string, state: State, more: object = {}) =>
  ({
    id,
    state,
    point: { id: "pt", name: "禾苑小区" },
    item_code: "WM-07",
    captured_at: "2026-08-02T07:00:00Z",
    ...more,
  }) as unknown as InspectorIssue;
const at = (state: State) => ({ at: "", state, version: 1, number: null });

describe("what was reported here before", () => {
  it("is what is open at this place for this item, and what has not left the phone", () => {
    const issues = [
      issue("a", "submitted"),
      issue("b", "closed"),
      issue("c", "submitted", { item_code: "WM-08" }),
      issue("d", "rework", { point: { id: "other", name: "" } }),
      issue("own", "receiving"),
    ];
    const found = reportedBefore(issues, [reportEntry("e"), reportEntry("own"), answerEntry()], here);
    expect(found.map((one) => [one.id, one.state])).toEqual([
      ["e", null],
      ["a", "submitted"],
    ]);
  });

  it("is said once of what was delivered, and no longer when it is done", () => {
    const delivered = (id: string, state: State): ReportEntry => ({
      ...reportEntry(id),
      state: "delivered",
      receipt: at(state),
    });
    expect(
      reportedBefore(
        [issue("a", "submitted")],
        [delivered("a", "submitted"), delivered("b", "submitted"), delivered("c", "void")],
        here,
      ).map((one) => one.id),
    ).toEqual(["b", "a"]);
    // The service's state counts, not that of the receipt.
    expect(reportedBefore([issue("a", "closed")], [delivered("a", "submitted")], here)).toEqual([]);
  });

  it("is not what the report replaces, unless that has arrived whole", () => {
    const issues = [issue("a", "receiving"), issue("b", "submitted")];
    expect(reportedBefore(issues, [], { ...here, replaces: ["a", "b"] }).map((one) => one.id)).toEqual(["b"]);
    expect(reportedBefore(issues, [], here)).toHaveLength(2);
  });

  it("and the last of all can be copied", () => {
    const older = { ...reportEntry("a"), createdAt: 1 };
    const newer: ReportEntry = {
      ...reportEntry("b"),
      createdAt: 2,
      body: { ...reportEntry().body, item_code: "WM-09", severity: "high" },
    };
    expect(lastReport([older, newer, answerEntry()])).toEqual({ pointId: "pt", itemCode: "WM-09", severity: "high" });
    expect(lastReport([answerEntry()])).toBeNull();
  });
});
