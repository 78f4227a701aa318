import { beforeEach, describe, expect, it } from "vitest";
import { AWAY_MIN_MS, noteVisibility, returnCount } from "../src/session/foreground";

describe("coming back to the app", () => {
  beforeEach(() => noteVisibility(true, 0));

  it("asks anew after long enough, once, and not after a look at a message", () => {
    const before = returnCount.value;
    noteVisibility(false, 1_000);
    noteVisibility(true, 1_000 + AWAY_MIN_MS - 1);
    expect(returnCount.value).toBe(before);
    noteVisibility(false, 100_000);
    // Some phones report twice that they are hidden.
    noteVisibility(false, 100_000 + AWAY_MIN_MS - 1);
    noteVisibility(true, 100_000 + AWAY_MIN_MS);
    noteVisibility(true, 900_000);
    expect(returnCount.value).toBe(before + 1);
  });

  it("does not wait for a clock that was set back", () => {
    const before = returnCount.value;
    noteVisibility(false, 10_000_000);
    noteVisibility(true, 5_000_000);
    expect(returnCount.value).toBe(before + 1);
  });
});
