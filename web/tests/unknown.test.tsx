// A service may be newer than the app: unknown codes are shown as they are and break nothing.
// @vitest-environment happy-dom
import { render } from "preact";
import type { ComponentChild } from "preact";
import { act } from "preact/test-utils";
import { describe, expect, it } from "vitest";
import { failureOf } from "../src/api/failure";
import type { Action, State } from "../src/api/types";
import { t } from "../src/texts";
import { StateChip } from "../src/ui/StateChip";
import { EventLine } from "../src/ui/Timeline";
import { failureText } from "../src/ui/failureText";

async function drawn(what: ComponentChild): Promise<string> {
  const root = document.createElement("div");
  await act(() => render(what, root));
  return root.textContent ?? "";
}

describe("what a newer service says", () => {
  it("of a state", async () => {
    expect(await drawn(<StateChip state={"escalated" as State} />)).toBe("escalated");
  });

  it("of a step", async () => {
    const event = {
      version: 2,
      action: "escalate" as Action,
      from: "reported" as State,
      to: "escalated" as State,
      at: "2026-08-03T07:04:11Z",
      fineness: "instant" as const,
      actor_role: null,
      reason: null,
      note: null,
      photos: [],
    };
    expect(await drawn(<EventLine event={event as never} />)).toContain("escalate → escalated");
  });

  it("of a problem, in its own title", () => {
    const body = (title: string) => JSON.stringify({ code: "quota-of-the-moon", title, request_id: "r", status: 409 });
    expect(failureText(failureOf(409, body("月亮已满"), null))).toBe("月亮已满");
    expect(failureText(failureOf(409, body(""), null))).toBe(t("problem.other", { code: "quota-of-the-moon" }));
  });
});
