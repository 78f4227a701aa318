import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import "fake-indexeddb/auto";
import { h, render } from "preact";
import { describe, expect, it, vi } from "vitest";
import { listTasks, TASK_STATES, useTasks } from "../src/inspector/tasks";
import type { InspectorIssue } from "../src/api/types";
import { network, until } from "./network";

const issue = (id: string, allowed_actions: string[]) => ({ id, allowed_actions }) as unknown as InspectorIssue;

describe("an inspector's tasks", () => {
  it("are asked for by exactly the states in which an inspector has a step", () => {
    const table = readFileSync(resolve(__dirname, "../../docs/generated/lifecycle.md"), "utf8");
    const states = new Set<string>();
    for (const row of table.split("\n").filter((line) => /^\| `/.test(line))) {
      const [, action = "", , , who = "", from = ""] = row.split("|");
      // To take a report back is a choice, not a task.
      if (action.includes("`withdraw`")) continue;
      if (who.includes("`inspector`")) for (const [, state = ""] of from.matchAll(/`([a-z]+)`/g)) states.add(state);
    }
    expect(states.size).toBeGreaterThan(0);
    expect([...TASK_STATES].sort()).toEqual([...states].sort());
  });

  it("are found behind a whole page of what is done", async () => {
    const asked: string[] = [];
    const tasks = await listTasks(async (query) => {
      asked.push(query);
      return query.includes("cursor=two")
        ? { items: [issue("b", ["look-back"])], next_cursor: null }
        : { items: [issue("a", [])], next_cursor: "two" };
    });
    expect(tasks.map((task) => task.id)).toEqual(["b"]);
    expect(asked[0]).toContain("state=");
  });

  it("are asked for that way by the page that lists them", async () => {
    const calls = network(() => ({ body: { items: [issue("a", ["check"]), issue("b", [])], next_cursor: null } }));
    const root = document.createElement("div");
    const Shown = () => h("p", null, (useTasks().body ?? []).map((task) => task.id).join());
    render(h(Shown, null), root);
    await until(() => root.textContent === "a");
    expect(calls.map(({ path }) => new URLSearchParams(path.slice(path.indexOf("?"))).get("state"))).toEqual([
      TASK_STATES.join(),
    ]);
    render(null, root);
    vi.unstubAllGlobals();
  });

  it("are not looked for without end", async () => {
    let count = 0;
    await listTasks(async () => {
      count += 1;
      return { items: [], next_cursor: "more" };
    });
    expect(count).toBeLessThan(10);
  });
});
