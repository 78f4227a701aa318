import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { openStates, statesIn } from "../src/states";
import type { OfficeIssue } from "../src/api/types";
import { beginDecision, decisionBody, decisionFaults, decisionOf } from "../src/office/decisions";
import { apiQuery, sinceMoment, STATES, withFilter } from "../src/office/filters";
import { isWaiting, queueFilter, queueOf, QUEUES } from "../src/office/queues";

const issue = (change: Partial<OfficeIssue> = {}): OfficeIssue =>
  ({
    id: "i",
    state: "submitted",
    severity: "low",
    unit_id: null,
    returns: [],
    requests: [],
    allowed_actions: ["approve"],
    ...change,
  }) as unknown as OfficeIssue;

describe("the list's address", () => {
  it("passes on known filters only", () => {
    const address = new URLSearchParams("state=assigned&q=%E6%A5%BC&nonsense=1&unit_id=");
    expect(apiQuery(address, 50, "c1")).toBe("state=assigned&q=%E6%A5%BC&limit=50&cursor=c1");
  });

  it("changes one filter and keeps the others", () => {
    const address = new URLSearchParams("state=assigned&sort=due_at");
    expect(withFilter(address, "state", "rework")).toBe("#/issues?state=rework&sort=due_at");
    expect(withFilter(new URLSearchParams("q=x"), "q", "")).toBe("#/issues");
  });
});

describe("a beginning in words", () => {
  it("is midnight in the county, some days ago", () => {
    const now = Date.parse("2026-08-03T01:30:00+08:00");
    expect(sinceMoment("today", now)).toBe("2026-08-02T16:00:00.000Z");
    expect(sinceMoment("7d", now)).toBe("2026-07-27T16:00:00.000Z");
    expect(sinceMoment("2026-08-01T00:00:00Z", now)).toBe("2026-08-01T00:00:00Z");
  });
});

describe("a queue", () => {
  it.each(QUEUES.map((queue) => [queue.kind, queue] as const))(
    "of %s has those that wait longest first, by an order the service knows",
    (_, queue) => {
      const contract = JSON.parse(readFileSync(resolve(__dirname, "../../docs/generated/openapi.json"), "utf8")) as {
        paths: Record<string, { get?: { parameters: { name: string; schema: { enum?: string[] } }[] } }>;
      };
      const sorts = contract.paths["/api/v1/issues"]?.get?.parameters.find((parameter) => parameter.name === "sort")
        ?.schema.enum;
      expect(sorts).toContain("oldest");
      expect(new URLSearchParams(queueFilter(queue)).getAll("sort")).toEqual(["oldest"]);
    },
  );

  it("holds what waits in its state, and requests wherever the service lets them be decided", () => {
    expect(isWaiting(queueOf("review"), issue())).toBe(true);
    expect(isWaiting(queueOf("extension"), issue({ state: "rectifying", allowed_actions: ["decide-extension"] }))).toBe(
      true,
    );
    expect(isWaiting(queueOf("extension"), issue({ state: "rectifying", allowed_actions: [] }))).toBe(false);
    expect(
      isWaiting(
        queueOf("dispute"),
        issue({
          state: "rectifying",
          allowed_actions: [],
          requests: [{ kind: "dispute", state: "pending" }] as unknown as OfficeIssue["requests"],
        }),
      ),
    ).toBe(true);
    expect(
      isWaiting(
        queueOf("dispute"),
        issue({
          state: "rectifying",
          allowed_actions: [],
          requests: [{ kind: "dispute", state: "refused" }] as unknown as OfficeIssue["requests"],
        }),
      ),
    ).toBe(false);
    expect(queueOf("nonsense").kind).toBe("review");
    expect([queueFilter(queueOf("check")), queueFilter(queueOf("extension"))]).toEqual([
      "state=reported&sort=oldest",
      "pending=extension&sort=oldest",
    ]);
  });
});

describe("a decision", () => {
  it("begins with the unit that is proposed, else the one in charge of the place", () => {
    expect(beginDecision(issue(), "lead").unitId).toBe("lead");
    const back = { proposed_unit_id: "other", unit_id: "u", reason: "", returned_at: "", founded: null };
    expect(
      beginDecision(issue({ returns: [back] as unknown as OfficeIssue["returns"], unit_id: "u" }), "lead").unitId,
    ).toBe("other");
  });

  it("wants a reason where one is owed, and names the pending request", () => {
    const fields = beginDecision(issue(), "lead");
    expect(decisionFaults("fail", fields)).toEqual(["reason"]);
    expect(decisionFaults("decide-dispute", fields)).toEqual(["granted", "reason"]);
    const asked = issue({
      requests: [
        { id: "r0", kind: "dispute", state: "refused" },
        { id: "r1", kind: "dispute", state: "pending" },
      ] as unknown as OfficeIssue["requests"],
    });
    expect(decisionBody("decide-dispute", { ...fields, granted: false, text: " no " }, asked)).toEqual({
      request_id: "r1",
      granted: false,
      reason: "no",
    });
    expect(decisionBody("approve", fields, asked)).toEqual({ severity: "low", unit_id: "lead" });
  });
});

describe("a plan", () => {
  it("wants what and when of every step, and is sent in order of time without empty ones", () => {
    const fields = { ...beginDecision(issue(), undefined), text: "needs building" };
    expect(decisionFaults("hang", fields)).toEqual(["plan"]);
    expect(decisionFaults("hang", { ...fields, plan: [{ text: "tender", due: "" }] })).toEqual(["plan"]);
    const plan = [
      { text: " build ", due: "2026-11-01" },
      { text: "", due: "" },
      { text: "tender", due: "2026-09-01" },
    ];
    expect(decisionFaults("hang", { ...fields, plan })).toEqual([]);
    expect(decisionBody("hang", { ...fields, plan }, issue())).toEqual({
      reason: "needs building",
      plan: [
        { milestone: "tender", due: "2026-09-01" },
        { milestone: "build", due: "2026-11-01" },
      ],
    });
  });
});

describe("every state", () => {
  it("is in the list of the office once, open or not", () => {
    expect([...STATES].sort()).toEqual([...openStates(), ...statesIn("closed", "void")].sort());
    expect(STATES[STATES.length - 1]).toBe("receiving");
  });
});

describe("every queue", () => {
  it("is emptied by a decision of its own", () => {
    expect(QUEUES.map((queue) => decisionOf(queue.action as "approve").queue)).toEqual(
      QUEUES.map((queue) => queue.kind),
    );
  });
});
