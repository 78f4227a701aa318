// How far a batch is, what comes next, and who has to do it. No clock and no network: what is shown can be tested.
import type { Batch, BatchAction, BatchState } from "../../api/batches";

/** The strip, in its order. */
export const STAGES = ["plan", "approval", "draw", "visits", "review", "release"] as const;
export type Stage = (typeof STAGES)[number];

/** The stage that a batch is in; `null` when it is over. */
export function stageOf({ state, open_tasks }: Pick<Batch, "state" | "open_tasks">): Stage | null {
  switch (state) {
    case "draft":
      return "plan";
    case "proposed":
      return "approval";
    case "approved":
      return "draw";
    case "drawn":
      return "visits";
    case "under-way":
      return open_tasks > 0 ? "visits" : "review";
    case "reviewed":
      return "release";
    case "released":
    case "abandoned":
      return null;
  }
}

export type NextKind =
  | "propose"
  | "window-passed"
  | "approve"
  | "approve-other"
  | "draw"
  | "draw-other"
  | "wait-begin"
  | "wait-tasks"
  | "review-reports"
  | "review"
  | "release"
  | "release-approver"
  | "release-reviewer"
  | "released"
  | "abandoned";

/** What this person could do about it. */
const MINE: readonly NextKind[] = ["propose", "approve", "draw", "review-reports", "review", "release"];

type Known = Pick<
  Batch,
  "state" | "plan" | "proposed" | "approved" | "reviewed" | "open_tasks" | "unreviewed_reports" | "abandon_vote"
>;

/** What comes next, as it is for this person. `today` is the county's day. */
export function nextOf(batch: Known, me: string, today: string): NextKind {
  const isMe = (signed: { by: string } | null): boolean => signed?.by === me;
  const isPast = today > batch.plan.window_to;
  switch (batch.state) {
    case "draft":
      return isPast ? "window-passed" : "propose";
    case "proposed":
      if (isPast) return "window-passed";
      return isMe(batch.proposed) ? "approve-other" : "approve";
    case "approved":
      if (isPast) return "window-passed";
      return isMe(batch.approved) ? "draw" : "draw-other";
    case "drawn":
      return batch.open_tasks > 0 ? "wait-begin" : "wait-tasks";
    case "under-way":
      if (batch.open_tasks > 0) return "wait-tasks";
      return batch.unreviewed_reports > 0 ? "review-reports" : "review";
    case "reviewed":
      if (batch.unreviewed_reports > 0) return "review-reports";
      if (isMe(batch.approved)) return "release-approver";
      return isMe(batch.reviewed) ? "release-reviewer" : "release";
    case "released":
      return "released";
    case "abandoned":
      return "abandoned";
  }
}

/** Whether this person has to do something about it: the next step, or to agree that it is abandoned. */
export function isMine(batch: Known, me: string, today: string): boolean {
  if (batch.abandon_vote !== null && batch.state !== "abandoned") return batch.abandon_vote.by !== me;
  return MINE.includes(nextOf(batch, me, today));
}

/** The main button, which the rest stand beside. */
export const MAIN: Partial<Record<NextKind, BatchAction>> = {
  propose: "propose",
  approve: "approve",
  draw: "draw",
  review: "review",
  release: "release",
};

/** What cannot be taken back: what follows is said before, and has to be confirmed. */
export const FINAL: readonly BatchAction[] = ["draw", "release", "abandon"];

/** Steps that a person asks for, in the order of their buttons; `amend` is a page of its own. */
export const TAKEN: readonly BatchAction[] = [
  "propose",
  "approve",
  "draw",
  "review",
  "release",
  "withdraw",
  "send-back",
  "revoke",
  "redraw",
  "abandon",
];

/** Tasks that are over without a visit. */
export const missed = ({ tasks, visited, open_tasks }: Pick<Batch, "tasks" | "visited" | "open_tasks">): number =>
  Math.max(0, tasks - visited - open_tasks);

/** Tabs of the list, each with its states. */
export const TABS = {
  plans: ["draft", "proposed", "approved"],
  running: ["drawn", "under-way"],
  reviewing: ["reviewed"],
  released: ["released"],
  abandoned: ["abandoned"],
} as const satisfies Record<string, readonly BatchState[]>;
export type TabName = keyof typeof TABS;
export const isTab = (name: string): name is TabName => name in TABS;
