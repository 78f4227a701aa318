import { describe, expect, it } from "vitest";
import type { OfficeIssue, Place } from "../src/api/types";
import { beginDecision, decisionBody, decisionFaults } from "../src/office/decisions";
import { draw, moved, toPixel, viewOf } from "../src/office/drawMap";
import { apiQuery, sinceMoment, withFilter } from "../src/office/filters";
import { isWaiting, queueFilter, queueOf } from "../src/office/queues";
import { distanceM, distanceWords } from "../src/place/distance";

const issue = (change: Partial<OfficeIssue> = {}): OfficeIssue =>
  ({ id: "i", state: "submitted", severity: "low", unit_id: null, returns: [], requests: [], allowed_actions: ["approve"], ...change }) as unknown as OfficeIssue;

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
  it("holds what waits in its state, and requests wherever the service lets them be decided", () => {
    expect(isWaiting(queueOf("review"), issue())).toBe(true);
    expect(isWaiting(queueOf("extension"), issue({ state: "rectifying", allowed_actions: ["decide-extension"] }))).toBe(true);
    expect(isWaiting(queueOf("extension"), issue({ state: "rectifying", allowed_actions: [] }))).toBe(false);
    expect(isWaiting(queueOf("dispute"), issue({ state: "rectifying", allowed_actions: [], requests: [{ kind: "dispute", state: "pending" }] as unknown as OfficeIssue["requests"] }))).toBe(true);
    expect(isWaiting(queueOf("dispute"), issue({ state: "rectifying", allowed_actions: [], requests: [{ kind: "dispute", state: "refused" }] as unknown as OfficeIssue["requests"] }))).toBe(false);
    expect(queueOf("nonsense").kind).toBe("review");
    expect([queueFilter(queueOf("check")), queueFilter(queueOf("extension"))]).toEqual(["state=reported", "pending=extension"]);
  });
});

describe("a decision", () => {
  it("begins with the unit that is proposed, else the one in charge of the place", () => {
    expect(beginDecision(issue(), "lead").unitId).toBe("lead");
    const back = { proposed_unit_id: "other", unit_id: "u", reason: "", returned_at: "", founded: null };
    expect(beginDecision(issue({ returns: [back] as unknown as OfficeIssue["returns"], unit_id: "u" }), "lead").unitId).toBe("other");
  });

  it("wants a reason where one is owed, and names the pending request", () => {
    const fields = beginDecision(issue(), "lead");
    expect(decisionFaults("fail", fields)).toEqual(["reason"]);
    expect(decisionFaults("decide-dispute", fields)).toEqual(["granted", "reason"]);
    const asked = issue({ requests: [{ id: "r0", kind: "dispute", state: "refused" }, { id: "r1", kind: "dispute", state: "pending" }] as unknown as OfficeIssue["requests"] });
    expect(decisionBody("decide-dispute", { ...fields, granted: false, text: " no " }, asked)).toEqual({ request_id: "r1", granted: false, reason: "no" });
    expect(decisionBody("approve", fields, asked)).toEqual({ severity: "low", unit_id: "lead" });
  });
});

describe("a plan", () => {
  it("wants what and when of every step, and is sent in order of time without empty ones", () => {
    const fields = { ...beginDecision(issue(), undefined), text: "needs building" };
    expect(decisionFaults("hang", fields)).toEqual(["plan"]);
    expect(decisionFaults("hang", { ...fields, plan: [{ text: "tender", due: "" }] })).toEqual(["plan"]);
    const plan = [{ text: " build ", due: "2026-11-01" }, { text: "", due: "" }, { text: "tender", due: "2026-09-01" }];
    expect(decisionFaults("hang", { ...fields, plan })).toEqual([]);
    expect(decisionBody("hang", { ...fields, plan }, issue())).toEqual({ reason: "needs building", plan: [{ milestone: "tender", due: "2026-09-01" }, { milestone: "build", due: "2026-11-01" }] });
  });
});

describe("the map", () => {
  const at = (lat: number, lon: number): Place["location"] => ({ lat, lon });

  it("puts the middle in the middle and shows every mark", () => {
    const marks = [at(31.2, 107.4), at(31.3, 107.6)].map((location) => ({ location, tone: "warn", shape: "record" as const }));
    const view = viewOf(marks, 400, 300);
    expect(toPixel(view, view.centre, 400, 300)).toEqual({ x: 200, y: 150 });
    for (const mark of marks) {
      const { x, y } = toPixel(view, mark.location, 400, 300);
      expect(x > 0 && x < 400 && y > 0 && y < 300).toBe(true);
    }
  });

  it("moves by as many pixels as it is dragged", () => {
    const view = { centre: at(31.2, 107.4), metresPerPixel: 5 };
    const before = toPixel(view, at(31.21, 107.41), 400, 300);
    const after = toPixel(moved(view, 30, -20), at(31.21, 107.41), 400, 300);
    expect(after.x - before.x).toBeCloseTo(30, 0);
    expect(after.y - before.y).toBeCloseTo(-20, 0);
  });

  it("measures along the ground", () => {
    expect(distanceM(at(31.2, 107.4), at(31.2, 107.41))).toBeCloseTo(951, -1);
    expect([distanceWords(8), distanceWords(951), distanceWords(1_234), distanceWords(23_456)]).toEqual(["10 米", "950 米", "1.2 公里", "23 公里"]);
  });

  it("draws nothing where there is no canvas to draw on", () => {
    const canvas = { clientWidth: 10, clientHeight: 10, getContext: () => null } as unknown as HTMLCanvasElement;
    expect(() => draw(canvas, { centre: at(0, 0), metresPerPixel: 1 }, [])).not.toThrow();
  });
});
