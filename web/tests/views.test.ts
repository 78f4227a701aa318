import { describe, expect, it } from "vitest";
import { apiQuery } from "../src/office/filters";
import { SAVED_VIEWS_MAX } from "../src/api/limits";
import { BUILT_IN, nameFault, parseViews, viewAt } from "../src/office/views";

const address = (words: string) => new URLSearchParams(words);

describe("saved views", () => {
  it("refuse an empty name, one that is taken, and too many", () => {
    const views = [{ id: "1", name: "a", query: "q=1" }];
    expect([
      nameFault(views, "  ", null),
      nameFault(views, "a", null),
      nameFault(views, "a", "1"),
      nameFault(views, "b", null),
    ]).toEqual(["empty", "taken", null, null]);
    const many = Array.from({ length: SAVED_VIEWS_MAX }, (_, at) => ({ id: String(at), name: String(at), query: "" }));
    expect([nameFault(many, "x", null), nameFault(many, "x", "1")]).toEqual(["full", null]);
  });

  it("survive whatever stands in the storage", () => {
    for (const text of [null, "", "{", "{}", "null", '[null,1,{"id":1}]']) expect(parseViews(text)).toEqual([]);
    expect(
      parseViews(JSON.stringify([{ id: "1", name: "x".repeat(99), query: "sort=due_at&state=hung&limit=200" }])),
    ).toEqual([{ id: "1", name: "x".repeat(20), query: "state=hung&sort=due_at" }]);
  });

  it("are known by their filters in whatever order, and ask only what the service knows", () => {
    expect(viewAt(BUILT_IN, address("sort=due_at&overdue=true"))?.id).toBe("overdue");
    expect(viewAt(BUILT_IN, address("overdue=true"))).toBeUndefined();
    const pending = BUILT_IN.find((view) => view.id === "pending")?.query ?? "";
    expect(apiQuery(address(pending), 50)).toBe("pending=extension%2Chang%2Cdispute&sort=due_at&limit=50");
    expect(apiQuery(address("from=today"), 50)).toMatch(/^from=\d{4}-\d\d-\d\dT16%3A00%3A00.000Z&limit=50$/);
  });
});
