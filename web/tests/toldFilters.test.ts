// How a list that a figure leads to describes itself, and by what it can be filtered further.
import { describe, expect, it } from "vitest";
import { areas } from "../src/office/areas";
import { CHOSEN_BY, FILTERS } from "../src/office/filters";
import { toldOf } from "../src/office/toldFilters";
import "../src/office/words";

const told = (query: string, isReleased = false) =>
  toldOf(new URLSearchParams(query), isReleased).map(({ words }) => words);

describe("a list that a link leads to", () => {
  it("says the days, the last of them included, and whose they are", () => {
    const week = "from=2026-11-15T16:00:00.000Z&to=2026-11-22T16:00:00.000Z";
    expect(told(week)).toEqual([expect.stringMatching(/^收到：.*11月16日至.*11月22日$/)]);
    expect(told(week, true)[0]).toMatch(/^交办：/);
    expect(told("from=7d")).toEqual([]);
    expect(told("from=7d&to=2026-11-22T16:00:00.000Z")[0]).toMatch(/^收到：至.*11月22日$/);
    expect(told("due_from=2026-11-16&due_to=2026-11-17")[0]).toMatch(/整改时限：(2026年)?11月16日$/);
    expect(told("closed_from=2026-11-16")[0]).toMatch(/销号：(2026年)?11月16日起$/);
  });

  it("says what else it is about", () => {
    expect(told("on_time=true&handler=%E6%9D%8E")).toEqual(["按期整改", "整改责任人：李"]);
    expect(told("on_time=false")).toEqual(["未按期（含现已超期）"]);
    expect(told("state=closed&q=x&overdue=true")).toEqual([]);
  });

  it("has words for every filter that no list is drawn for, and does not stumble over nonsense", () => {
    const nonsense = Object.fromEntries(
      FILTERS.filter((name) => CHOSEN_BY[name] === "link").map((name) => [name, "x"]),
    );
    const all = toldOf(new URLSearchParams(nonsense), false);
    expect(all.flatMap(({ filters }) => filters).filter((name) => CHOSEN_BY[name] === "link")).toEqual(
      expect.arrayContaining(Object.keys(nonsense)),
    );
  });
});

describe("the areas", () => {
  const unit = (name: string, area_code: string, kind = "township", active = true) => ({
    name,
    area_code,
    kind,
    active,
  });
  it("are those of townships that can be told apart", () => {
    const units = [unit("a", "990001001"), unit("b", "990001"), unit("c", "990001"), unit("d", "990001002", "bureau")];
    expect(areas([...units, unit("e", "990001003", "township", false)])).toEqual([["990001001", "a"]]);
  });
});
