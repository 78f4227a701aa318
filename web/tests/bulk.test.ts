import { describe, expect, it } from "vitest";
import { Failure } from "../src/api/failure";
import type { Action, OfficeIssue } from "../src/api/types";
import { bulkFaults, commonDecisions, selectTo } from "../src/office/bulk";
import { runInTurn } from "../src/ui/inTurn";
import type { Result } from "../src/office/bulk";
import { beginDecision } from "../src/office/decisions";

const issue = (id: string, ...allowed_actions: Action[]) =>
  ({ id, severity: "low", unit_id: null, returns: [], requests: [], allowed_actions }) as unknown as OfficeIssue;
const told = (results: Result[]) => results.map((result) => `${result.issue.id} ${result.outcome}`);

describe("many at once", () => {
  it("may do what the service allows on every one of them, and nothing else", () => {
    expect(commonDecisions([])).toEqual([]);
    expect(commonDecisions([issue("a", "approve", "send-back", "reject"), issue("b", "reject", "approve")])).toEqual([
      "approve",
      "reject",
    ]);
    expect(commonDecisions([issue("a", "approve"), issue("b", "pass")])).toEqual([]);
    expect(commonDecisions([issue("a", "sign-in"), issue("b", "sign-in")])).toEqual([]);
  });

  it("asks for reasons once, and leaves unit and severity to each", () => {
    const fields = beginDecision(issue("a"), undefined);
    expect(bulkFaults("approve", fields)).toEqual([]);
    expect(bulkFaults("fail", fields)).toEqual(["reason"]);
  });

  it("goes on after a conflict or a refusal, and says of each what became of it", async () => {
    const perform = async (one: OfficeIssue) => {
      if (one.id === "b") throw new Failure("stale-version", 412);
      if (one.id === "c") throw new Failure("separation-of-duties", 403);
      return { ...one, version: 2 };
    };
    const heard: Result[] = [];
    const results = await runInTurn(
      ["a", "b", "c", "d"].map((id) => issue(id)),
      perform,
      (result) => heard.push(result),
      () => false,
    );
    expect(told(results)).toEqual(["a done", "b conflict", "c failed", "d done"]);
    expect(told(heard)).toEqual(told(results));
  });

  it("stops when it is called off, when the network is gone and when the session has ended", async () => {
    const four = ["a", "b", "c", "d"].map((id) => issue(id));
    let count = 0;
    expect(
      told(
        await runInTurn(
          four,
          async (one) => one,
          () => {
            count += 1;
          },
          () => count >= 2,
        ),
      ),
    ).toEqual(["a done", "b done", "c skipped", "d skipped"]);
    for (const failure of [
      new Failure("offline"),
      new Failure("not-signed-in", 401),
      new Failure("unavailable", 503),
    ]) {
      const results = await runInTurn(
        four,
        async (one) => {
          if (one.id === "b") throw failure;
          return one;
        },
        () => undefined,
        () => false,
      );
      expect(told(results)).toEqual(["a done", "b failed", "c skipped", "d skipped"]);
    }
  });
});

describe("a selection", () => {
  const ids = ["a", "b", "c", "d"];
  it("takes one, or with shift all between, and lets go the same way", () => {
    expect([...selectTo(new Set(), ids, 1, null)]).toEqual(["b"]);
    expect([...selectTo(new Set(["b"]), ids, 3, 1)]).toEqual(["b", "c", "d"]);
    expect([...selectTo(new Set(ids), ids, 0, 2)]).toEqual(["d"]);
    expect([...selectTo(new Set(["a"]), ids, 9, null)]).toEqual(["a"]);
  });
});
