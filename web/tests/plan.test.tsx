import { render } from "preact";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addTexts } from "../src/texts";
import { zhUnit } from "../src/texts/zh/unit";
import { PlanList } from "../src/unit/PlanList";

const step = (milestone: string, due: string, reached_on: string | null = null, is_missed = false) => ({
  milestone,
  due,
  reached_on,
  is_missed,
});
const plan = [step("方案", "2026-08-01"), step("开工", "2026-08-03"), step("验收", "2026-10-01")];

function lines(isHung: boolean): string[] {
  const root = document.createElement("div");
  render(<PlanList plan={plan} isHung={isHung} />, root);
  return Array.from(root.querySelectorAll("li")).map((line) => line.textContent ?? "");
}

describe("the plan of a hung issue", () => {
  beforeAll(() => addTexts(zhUnit));
  afterEach(() => {
    vi.useRealTimers();
  });

  it("says which step is late and which is next, by the county's day", () => {
    vi.useFakeTimers({ now: Date.parse("2026-08-02T16:30:00Z") });
    expect(lines(true)).toEqual([
      expect.stringContaining("已过 2 天"),
      expect.stringContaining("下一节点"),
      expect.not.stringMatching(/已过|下一/),
    ]);
  });

  it("says neither when it hangs no more", () => {
    vi.useFakeTimers({ now: Date.parse("2026-08-02T16:30:00Z") });
    expect(lines(false).join()).not.toMatch(/已过|下一/);
  });
});
