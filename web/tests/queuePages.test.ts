// The order of a queue across pages and severities, and the reasons why a step is for somebody else.
import { afterEach, describe, expect, it, vi } from "vitest";
import type { OfficeIssue } from "../src/api/types";
import { firstPage, nextPage } from "../src/office/queuePages";
import { whyNot } from "../src/office/whyNot";
import { network } from "./network";

afterEach(() => vi.unstubAllGlobals());

/** A service with so many issues of each severity, in the order of their numbers. */
function service(counts: Record<string, number>) {
  return network(({ path }) => {
    const query = new URLSearchParams(path.slice(path.indexOf("?")));
    const severity = query.get("severity") ?? "";
    const from = Number(query.get("cursor") ?? 0);
    const limit = Number(query.get("limit"));
    const all = Array.from({ length: counts[severity] ?? 0 }, (_, at) => ({ id: `${severity}${at}` }));
    const next = from + limit < all.length ? String(from + limit) : null;
    return { body: { items: all.slice(from, from + limit), next_cursor: next } };
  });
}
async function everything(size: number): Promise<{ ids: string[]; pages: number }> {
  let page = await firstPage("state=submitted&sort=oldest", size);
  const ids = page.items.map(({ id }) => id);
  let pages = 1;
  while (page.next_cursor !== null) {
    page = await nextPage("state=submitted&sort=oldest", page.next_cursor, size);
    ids.push(...page.items.map(({ id }) => id));
    pages += 1;
  }
  return { ids, pages };
}

describe("a queue", () => {
  it.each([
    [{ high: 0, medium: 0, low: 0 }, 2],
    [{ high: 1, medium: 1, low: 1 }, 2],
    [{ high: 5, medium: 0, low: 3 }, 2],
    [{ high: 2, medium: 4, low: 1 }, 2],
    [{ high: 0, medium: 3, low: 3 }, 50],
    [{ high: 7, medium: 7, low: 7 }, 3],
  ])("of %o in pages of %i has each case once, the severe ones first, and each in its order", async (counts, size) => {
    service(counts);
    const wanted = ["high", "medium", "low"].flatMap((severity) =>
      Array.from({ length: counts[severity as "high"] }, (_, at) => `${severity}${at}`),
    );
    expect((await everything(size)).ids).toEqual(wanted);
  });

  it("asks for all severities at once, and later for one call a page", async () => {
    const calls = service({ high: 1, medium: 1, low: 1 });
    await firstPage("state=submitted&sort=oldest", 50);
    expect(calls).toHaveLength(3);
    expect(calls.every(({ path }) => path.includes("state=submitted&sort=oldest"))).toBe(true);
  });
});

describe("a step that is for somebody else", () => {
  const issue = (change: object): OfficeIssue =>
    ({
      severity: "low",
      finder: { id: "f" },
      approved_by: null,
      visit_id: null,
      rejection: null,
      requests: [],
      allowed_actions: [],
      ...change,
    }) as never;
  it.each([
    ["approve", { finder: { id: "me" } }, "why.finder"],
    ["reject", { rejection: { by: { id: "me" } } }, "why.rejected"],
    ["release", { approved_by: { id: "me" } }, "why.approved"],
    ["pass", { severity: "high", finder: { id: "me" } }, "why.found"],
    ["pass", { severity: "low", finder: { id: "me" } }, null],
    ["decide-dispute", { approved_by: { id: "me" } }, "why.judged"],
    ["decide-dispute", { requests: [{ state: "pending", first_vote: { by: { id: "me" } } }] }, "why.voted"],
    ["decide-dispute", { requests: [{ state: "pending", first_vote: { by: { id: "you" } } }] }, null],
    ["release", { approved_by: { id: "you" } }, null],
    ["release", { approved_by: { id: "you" }, visit_id: "v" }, "why.batch"],
    ["release", { approved_by: { id: "me" }, allowed_actions: ["release"] }, null],
  ] as const)("%s of %o: %s", (action, change, why) => {
    expect(whyNot(issue(change), action, "me")).toBe(why);
  });
});
