// @vitest-environment happy-dom
// What a unit's desk computes itself: the contents of its tabs, days of an extension, phrases.
import { afterEach, describe, expect, it } from "vitest";
import type { UnitIssue } from "../src/api/types";
import { daysBetween, daysMax, daysMin, later, weekdayOf } from "../src/desk/dayStep";
import { navigationAddress } from "../src/place/navigation";
import { addressOf, handlersOf, inTabs, NOBODY, wantedBy } from "../src/desk/openIssues";
import type { Wanted } from "../src/desk/openIssues";
import { keepPhrases, phraseLines, phrasesIn, resetPhrases, withPhrase } from "../src/desk/phraseList";
import { reference } from "../src/session/reference";
import "../src/desk/words";
import "../src/texts/withForms";

const issue = (id: string, change: object = {}) =>
  ({
    id,
    number: `2026-${id}`,
    state: "rectifying",
    overdue: false,
    handler: null,
    description: "楼道堆物",
    item_code: "X-01",
    point: { id: "p1", name: "禾苑小区", address: "禾丰路22号" },
    ...change,
  }) as unknown as UnitIssue;
const ITEMS = [
  issue("1", { state: "assigned" }),
  issue("2", { handler: "李建国" }),
  issue("3", { state: "rework", overdue: true, handler: "王芳" }),
  issue("4", { state: "reported", handler: "李建国" }),
  issue("5", { state: "hung", description: "路灯不亮" }),
];
const wanted = (change: Partial<Wanted> = {}): Wanted => ({ tab: "open", words: "", handler: "", ...change });
const counts = (change?: Partial<Wanted>) =>
  Object.fromEntries(Object.entries(inTabs(ITEMS, wanted(change))).map(([tab, rows]) => [tab, rows.length]));

afterEach(() => {
  reference.value = null;
  localStorage.clear();
});

describe("the tabs", () => {
  it("count what each holds, with the filters applied", () => {
    expect(counts()).toEqual({ open: 5, "sign-in": 1, rectifying: 2, overdue: 1, reported: 1 });
    expect(counts({ handler: "李建国" })).toEqual({ open: 2, "sign-in": 0, rectifying: 1, overdue: 0, reported: 1 });
    expect(counts({ handler: NOBODY }).open).toBe(2);
    expect(counts({ words: "路灯" }).open).toBe(1);
    expect(counts({ words: "禾苑　２０２６-3" }).open).toBe(1);
    expect(handlersOf(ITEMS)).toEqual(["李建国", "王芳"]);
  });

  it("find a place by the initials of its name", () => {
    reference.value = { points: [{ id: "p1", initials: "h y x q" }], items: [], units: [], point_types: [] } as never;
    expect(counts({ words: "hyx" }).open).toBe(5);
    expect(counts({ words: "zz" }).open).toBe(0);
  });

  it("are kept in the address", () => {
    for (const one of [wanted(), wanted({ tab: "overdue", words: "禾苑 2&3", handler: "王芳" })]) {
      const query = new URLSearchParams(addressOf(one).split("?")[1] ?? "");
      expect(wantedBy(query)).toEqual(one);
    }
    expect(wantedBy(new URLSearchParams("tab=toString")).tab).toBe("open");
  });
});

describe("an extension by days", () => {
  const due = "2026-11-27T10:00:00.000Z";
  it("keeps the hour, and is never past", () => {
    expect(later(due, 3)).toBe("2026-11-30T10:00:00.000Z");
    expect(daysMin(due, Date.parse(due) - 1)).toBe(1);
    expect(daysMin(due, Date.parse(due) + 86_400_000)).toBe(2);
    expect(daysBetween(due, later(due, 5))).toBe(5);
    expect(daysBetween(due, due)).toBeNull();
    // The field for a time has no seconds.
    expect(daysBetween("2026-11-27T10:00:41.500Z", "2026-11-29T10:00:00.000Z")).toBe(2);
    expect(daysBetween(due, "2026-11-28T11:00:00.000Z")).toBeNull();
  });
  it("goes as far as the service says, in whole days", () => {
    expect(daysMax(due, later(due, 7))).toBe(7);
    expect(daysMax(due, "2026-11-30T09:59:59.000Z")).toBe(2);
    expect(daysMax(due, "2026-11-27T20:00:00.000Z")).toBe(0);
    expect(daysMax(due, null)).toBeGreaterThan(30);
  });
  it("says the day of the week, and midnight belongs to the day that ends", () => {
    expect(weekdayOf("2026-11-27T10:00:00Z")).toBe(5);
    expect(weekdayOf("2026-11-27T16:00:00Z")).toBe(5);
    expect(weekdayOf("2026-11-27T16:30:00Z")).toBe(6);
  });
});

describe("phrases", () => {
  it("begin with a set, are kept by action, and can be begun anew", () => {
    const first = phraseLines("return");
    expect(phrasesIn(first).length).toBeGreaterThan(1);
    keepPhrases("return", " 甲 \n\n乙\n甲");
    expect(phrasesIn(phraseLines("return"))).toEqual(["甲", "乙"]);
    expect(phraseLines("dispute")).not.toContain("甲");
    resetPhrases("return");
    expect(phraseLines("return")).toBe(first);
  });
  it("are put behind what is written, and never cut", () => {
    expect(withPhrase("", "甲", 10)).toBe("甲");
    expect(withPhrase("甲", "乙", 10)).toBe("甲，乙");
    expect(withPhrase("甲", "乙丙", 3)).toBe("甲");
  });
});

it("a link to a map names the place by WGS-84, longitude first", () => {
  expect(navigationAddress({ name: "禾苑 & 小区", location: { lat: 31.2, lon: 107.5 } as never })).toBe(
    `https://uri.amap.com/marker?position=107.5,31.2&coordinate=wgs84&name=${encodeURIComponent("禾苑 & 小区")}`,
  );
});
