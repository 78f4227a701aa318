import { describe, expect, it } from "vitest";
import { applyEvent, isDue } from "../src/outbox/entry";
import type { AnswerEntry, OutboxEntry } from "../src/outbox/entry";
import { pendingSignIn, readinessOf } from "../src/outbox/readiness";
import { answerEntry, reportEntry } from "./records";

const signIn = (more: Partial<AnswerEntry> = {}): AnswerEntry => ({
  ...answerEntry(),
  id: "s1",
  action: "sign-in",
  photos: [],
  body: {},
  version: 3,
  ...more,
});
const fix = (more: Partial<AnswerEntry> = {}): AnswerEntry => ({
  ...answerEntry(),
  id: "f1",
  version: 3,
  after: "s1",
  ...more,
});
const receipt = { at: "", state: "rectifying" as const, version: 4, number: null };

describe("a fix behind its signing in", () => {
  it("waits until that has landed, whatever keeps it", () => {
    for (const state of ["waiting", "sending", "attention"] as const)
      expect(readinessOf(fix(), [signIn({ state })])).toEqual({ kind: "blocked" });
  });

  it("then goes with the version that the first has made", () => {
    const turn = readinessOf(fix(), [signIn({ state: "delivered", receipt })]);
    expect(turn).toEqual({ kind: "unblocked", version: 4 });
    const freed = applyEvent(fix(), turn as { kind: "unblocked"; version: number });
    expect(freed).toMatchObject({ after: null, version: 4, state: "waiting" });
    expect(isDue(freed, 0)).toBe(true);
    expect(readinessOf(freed, [])).toEqual({ kind: "ready" });
  });

  it("is not kept for ever by one that its person has deleted", () => {
    const turn = readinessOf(fix(), []);
    expect(applyEvent(fix(), turn as { kind: "unblocked"; version: null })).toMatchObject({ after: null, version: 3 });
  });

  it("may be written while nothing but that is on its way", () => {
    expect(pendingSignIn("i1", [signIn()])?.id).toBe("s1");
    const others: OutboxEntry[][] = [
      [],
      [signIn({ state: "attention" })],
      [signIn({ state: "delivered" })],
      [signIn(), fix()],
      [fix({ after: null })],
      [reportEntry("i1")],
    ];
    for (const entries of others) expect(pendingSignIn("i1", entries)).toBeUndefined();
  });
});
