// One table of the office's decisions: what each form asks for, and the body that is sent.
import type { DecisionAction } from "../actions";
import type { Action, OfficeIssue, RequestKind, Severity } from "../api/types";
import { itemOf } from "../session/reference";
import { serverNow } from "../time/moment";
import { isPlan, noMilestone, planBody } from "../ui/PlanFields";
import type { Milestone } from "../ui/PlanFields";
import type { QueueKind } from "./queues";

/** A field of a decision's form; `office/DecisionFields.tsx` draws each. */
export type Ask =
  | "severity"
  | "granted"
  | "on-site"
  | "founded"
  | "unit"
  | "final"
  | "due"
  | "inspector"
  | "plan"
  | "reason"
  | "note"
  | "duplicate";

export interface DecisionFields {
  severity: Severity;
  unitId: string;
  due: string;
  text: string;
  duplicateOf: string;
  founded: boolean;
  final: boolean;
  inspectorId: string;
  onSite: boolean;
  granted: boolean | null;
  plan: Milestone[];
}

interface Decision {
  asks: Ask[];
  /** The queue of the desk that it empties, where it is the decision that is offered there first. */
  queue: QueueKind | null;
  /** Whether it cannot be taken back: its button and notice warn. */
  isSevere: boolean;
  /** The body of the action; `fields.text` comes without spaces around it. */
  body: (fields: DecisionFields, issue: OfficeIssue) => Record<string, unknown>;
}

/** The answer to the request of this kind that waits on the issue. */
const answerTo =
  (kind: RequestKind): Decision["body"] =>
  ({ granted, text }, issue) => ({
    request_id: issue.requests.find((request) => request.kind === kind && request.state === "pending")?.id,
    granted,
    reason: text,
  });

/** Every decision of the office: one row an action. */
export const DECISIONS = {
  approve: {
    asks: ["severity", "unit", "due"],
    queue: "review",
    isSevere: false,
    body: ({ severity, unitId, due }) => ({ severity, unit_id: unitId, ...(due ? { due } : {}) }),
  },
  "send-back": {
    asks: ["reason"],
    queue: null,
    isSevere: false,
    body: ({ text }) => ({ reason: text }),
  },
  reject: {
    asks: ["reason", "duplicate"],
    queue: null,
    isSevere: true,
    body: ({ text, duplicateOf }) => ({
      reason: text,
      ...(duplicateOf.trim() ? { duplicate_of: duplicateOf.trim() } : {}),
    }),
  },
  release: {
    asks: [],
    queue: "release",
    isSevere: false,
    body: () => ({}),
  },
  "release-urgent": {
    asks: ["unit"],
    queue: null,
    isSevere: false,
    body: ({ unitId }) => ({ severity: "high", unit_id: unitId }),
  },
  reassign: {
    asks: ["unit", "founded", "final"],
    queue: "redispatch",
    isSevere: false,
    body: ({ unitId, founded, final }) => ({ unit_id: unitId, founded, final }),
  },
  remind: {
    asks: ["reason"],
    queue: null,
    isSevere: false,
    body: ({ text }) => ({ reason: text }),
  },
  "assign-check": {
    asks: ["inspector"],
    queue: null,
    isSevere: false,
    body: ({ inspectorId }) => ({ inspector_id: inspectorId }),
  },
  pass: {
    asks: ["on-site", "note"],
    queue: "check",
    isSevere: false,
    body: ({ onSite, text }) => ({ on_site: onSite, ...(text ? { note: text } : {}) }),
  },
  fail: {
    asks: ["reason"],
    queue: null,
    isSevere: false,
    body: ({ text }) => ({ reason: text }),
  },
  "confirm-false-evidence": {
    asks: ["reason"],
    queue: null,
    isSevere: true,
    body: ({ text }) => ({ reason: text }),
  },
  hang: {
    asks: ["reason", "plan"],
    queue: null,
    isSevere: false,
    body: ({ text, plan }) => ({ reason: text, plan: planBody(plan) }),
  },
  unhang: {
    asks: ["note"],
    queue: null,
    isSevere: false,
    body: ({ text }) => (text ? { reason: text } : {}),
  },
  "decide-hang": {
    asks: ["granted", "reason"],
    queue: "hang",
    isSevere: false,
    body: answerTo("hang"),
  },
  "decide-extension": {
    asks: ["granted", "reason"],
    queue: "extension",
    isSevere: false,
    body: answerTo("extension"),
  },
  "decide-dispute": {
    asks: ["granted", "reason"],
    queue: "dispute",
    isSevere: false,
    body: answerTo("dispute"),
  },
  "assign-look-back": {
    asks: ["inspector"],
    queue: null,
    isSevere: false,
    body: ({ inspectorId }) => ({ inspector_id: inspectorId }),
  },
} satisfies Partial<Record<Action, Decision>>;

export const decisionOf = (action: DecisionAction): Decision => DECISIONS[action];
export const isDecision = (action: Action): action is DecisionAction => action in DECISIONS;

export const beginDecision = (issue: OfficeIssue, leadUnit: string | undefined): DecisionFields => ({
  severity: issue.severity,
  unitId: issue.returns[issue.returns.length - 1]?.proposed_unit_id ?? issue.unit_id ?? leadUnit ?? "",
  due: "",
  text: "",
  duplicateOf: "",
  founded: true,
  final: false,
  inspectorId: "",
  onSite: false,
  granted: null,
  plan: [noMilestone()],
});

/**
 * What was filled in for an earlier version, for this one: what was written, and whom it names. What was judged
 * (answer, severity, unit, deadline, how it was checked) was judged of something else.
 */
export const carriedOver = (earlier: DecisionFields, issue: OfficeIssue): DecisionFields => {
  const { text, inspectorId, duplicateOf, plan } = earlier;
  return { ...beginDecision(issue, undefined), text, inspectorId, duplicateOf, plan };
};

/** Whether somebody has to visit the place before the issue is closed; the service has the last word. */
export const expectsVisit = (issue: OfficeIssue): boolean =>
  issue.severity === "high" || issue.chain_no > 0 || issue.flag_codes.length > 0;

type IsMissing = (fields: DecisionFields, issue: OfficeIssue | null) => boolean;
const hasNoText: IsMissing = ({ text }) => text.trim() === "";
/** Whether a field that is asked for is still to be filled in. */
const IS_MISSING: Record<Ask, IsMissing> = {
  severity: () => false,
  granted: ({ granted }) => granted === null,
  "on-site": () => false,
  founded: () => false,
  unit: ({ unitId }) => unitId === "",
  final: () => false,
  // An item without a limit needs an instant, and no instant may have passed.
  due: ({ due }, issue) =>
    due === "" ? issue !== null && itemOf(issue.item_code)?.limit === null : Date.parse(due) <= serverNow(),
  inspector: ({ inspectorId }) => inspectorId === "",
  plan: ({ plan }) => !isPlan(plan),
  reason: hasNoText,
  note: () => false,
  duplicate: () => false,
};

/** Whether a note has to say why nobody went there. */
export const needsNote = (action: DecisionAction, fields: DecisionFields, issue: OfficeIssue | null): boolean =>
  decisionOf(action).asks.includes("on-site") && issue !== null && !fields.onSite && expectsVisit(issue);

/** What is still missing, by field; `issue` where it is about one. */
export function decisionFaults(
  action: DecisionAction,
  fields: DecisionFields,
  issue: OfficeIssue | null = null,
): Ask[] {
  const faults = decisionOf(action).asks.filter((ask) => IS_MISSING[ask](fields, issue));
  return needsNote(action, fields, issue) && hasNoText(fields, issue) ? [...faults, "note"] : faults;
}

export const decisionBody = (
  action: DecisionAction,
  fields: DecisionFields,
  issue: OfficeIssue,
): Record<string, unknown> => decisionOf(action).body({ ...fields, text: fields.text.trim() }, issue);
