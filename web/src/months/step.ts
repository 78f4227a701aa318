// The state of a month, and what comes next. No clock and no network, so that it can be tested.
import type { Month } from "../api/months";

/** The strip, in its order. */
export const STAGES = ["cutoff", "preview", "objections", "decision", "lock", "circular"] as const;
export type Stage = (typeof STAGES)[number];

export type StepKind =
  /** It is not over yet. */
  | "wait-cutoff"
  | "freeze"
  | "preview"
  /** Units may still object, and nothing waits for an answer. */
  | "wait-objections"
  | "answer"
  | "decide"
  | "lock-first"
  /** This person has voted; somebody else has to. */
  | "lock-other"
  | "lock-second"
  | "publish"
  | "done";

export interface Step {
  kind: StepKind;
  /** By when, or from when on: a day or an instant; `null` where no date is set. */
  at: string | null;
  /** Whether `at` is the begin of the step, and not its end. */
  isFrom: boolean;
}

type Known = Pick<
  Month,
  "state" | "freeze_on" | "objections_until" | "decide_until" | "lock_until" | "objections" | "office"
>;

/** When a day begins in the county. */
const beginOf = (day: string): number => Date.parse(`${day}T00:00:00+08:00`);

/** The objections that wait for an answer. */
export const unanswered = <O extends { is_upheld: boolean | null }>(objections: O[]): O[] =>
  objections.filter((one) => one.is_upheld === null);

const DAY_MS = 24 * 3_600_000;

/** What has to be done next, for the office, by this person or another. */
export function nextStep(month: Known, now: number, me: string): Step {
  const by = (kind: StepKind, at: string | null): Step => ({ kind, at, isFrom: false });
  switch (month.state) {
    case "open":
      return { kind: now < beginOf(month.freeze_on) ? "wait-cutoff" : "freeze", at: month.freeze_on, isFrom: true };
    case "frozen":
      return by("preview", null);
    case "preview":
      if (unanswered(month.objections).length > 0) return by("answer", month.decide_until);
      return now < Date.parse(month.objections_until)
        ? { kind: "wait-objections", at: month.objections_until, isFrom: false }
        : by("decide", month.decide_until);
    case "decided": {
      const first = month.office?.first_vote ?? null;
      if (first === null) return by("lock-first", month.lock_until);
      return by(first.by === me ? "lock-other" : "lock-second", month.lock_until);
    }
    case "locked":
      return by("publish", null);
    case "published":
      return by("done", null);
  }
}

/** The stage that the month is in; `null` when all are past. */
export function stageOf(month: Pick<Month, "state" | "last_day" | "objections_until">, now: number): Stage | null {
  switch (month.state) {
    case "open":
      return now < beginOf(month.last_day) + DAY_MS ? "cutoff" : "preview";
    case "frozen":
      return "preview";
    case "preview":
      return now < Date.parse(month.objections_until) ? "objections" : "decision";
    case "decided":
      return "lock";
    case "locked":
      return "circular";
    case "published":
      return null;
  }
}

/** By when each stage is over; a day or an instant, `null` where none is set. */
export function dateOf(
  stage: Stage,
  month: Pick<Month, "last_day" | "freeze_on" | "objections_until" | "decide_until" | "lock_until">,
): string | null {
  switch (stage) {
    case "cutoff":
      return month.last_day;
    case "preview":
      return month.freeze_on;
    case "objections":
      return month.objections_until;
    case "decision":
      return month.decide_until;
    case "lock":
      return month.lock_until;
    case "circular":
      return null;
  }
}
