// @vitest-environment happy-dom
// What the list counts, and how it looks to each person.
import "fake-indexeddb/auto";
import { beforeEach, describe, expect, it } from "vitest";
import { countQuery } from "../src/office/facets";
import { COLUMN_NAMES, keepLook, readLook } from "../src/office/listLook";
import { session } from "../src/session/session";

const signedIn = (id: string) => {
  session.value = { user: { id, role: "office" }, unit: null, mustChangePassword: false, permissions: [] } as never;
};
beforeEach(() => {
  localStorage.clear();
  signedIn("o1");
});

describe("the counts of a filter", () => {
  const address = new URLSearchParams("state=assigned&severity=high&sort=due_at&nonsense=1");
  it("are of the other filters and this choice, whatever the order", () => {
    expect(countQuery(address)).toBe("state=assigned&severity=high");
    expect(countQuery(address, "state")).toBe("severity=high");
    expect(countQuery(address, "state", "rework")).toBe("state=rework&severity=high");
  });
});

describe("the look of the list", () => {
  it("is dense from the beginning, and remembered for each person", () => {
    const first = readLook();
    expect(first.isDense).toBe(true);
    keepLook({ isDense: false, columns: ["place", "due"] });
    expect(readLook()).toEqual({ isDense: false, columns: ["place", "due"] });
    signedIn("o2");
    expect(readLook()).toEqual(first);
  });

  it("has the columns in their order, and always the one that leads to the issue", () => {
    keepLook({ isDense: true, columns: ["number", "due", "place"] });
    expect(readLook().columns).toEqual(COLUMN_NAMES.filter((name) => ["number", "due", "place"].includes(name)));
    keepLook({ isDense: true, columns: ["due"] });
    expect(readLook().columns).toContain("place");
    for (const broken of ["nonsense", "{}", '{"columns":3}', "[]"]) {
      localStorage.setItem("list/o1", broken);
      expect(readLook().columns).toContain("place");
    }
  });
});
