import { afterEach, describe, expect, it, vi } from "vitest";
import { decide } from "../src/api/decide";
import { setAccount } from "../src/api/request";
import { broken, network, problem } from "./network";
import type { Answered } from "./network";

afterEach(() => vi.unstubAllGlobals());

describe("a decision of the office", () => {
  it("that got no answer is the same step when it is confirmed again, and no other", async () => {
    setAccount("office");
    const answers: (Answered | null)[] = [
      null,
      { status: 502 },
      problem(503, "unavailable"),
      { body: { version: 2 } },
      { body: { version: 3 } },
    ];
    const calls = network(() => answers.shift() ?? broken());
    for (let at = 0; at < 3; at += 1) await expect(decide("i1", "approve", 1, { unit_id: "u" })).rejects.toThrow();
    expect(await decide("i1", "approve", 1, { unit_id: "u" })).toMatchObject({ version: 2 });
    await decide("i1", "approve", 1, { unit_id: "u" });
    const keys = calls.map(({ headers }) => headers["Idempotency-Key"]);
    expect(new Set(keys.slice(0, 4)).size).toBe(1);
    expect(keys[4]).not.toBe(keys[0]);
    expect(calls.every(({ headers }) => headers["Anfang-Account"] === "office")).toBe(true);
  });

  it("with other words, on another issue or after a refusal has another key", async () => {
    const calls = network(({ path }) => (path.includes("i3") ? problem(412, "stale-version") : broken()));
    for (const [id, reason] of [
      ["i2", "a"],
      ["i2", "b"],
      ["i4", "a"],
      ["i3", "a"],
      ["i3", "a"],
    ] as const)
      await expect(decide(id, "reject", 1, { reason })).rejects.toThrow();
    expect(new Set(calls.map(({ headers }) => headers["Idempotency-Key"])).size).toBe(5);
  });
});
