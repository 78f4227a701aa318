// What each decision of the office asks for, and the body it becomes.
import type { Action, OfficeIssue, RequestKind, Severity } from "../api/types";
import { isPlan, noMilestone, planBody } from "../ui/PlanFields";
import type { Milestone } from "../ui/PlanFields";

export type DecisionAction =
  | "approve"
  | "send-back"
  | "reject"
  | "release"
  | "release-urgent"
  | "reassign"
  | "assign-check"
  | "pass"
  | "fail"
  | "hang"
  | "unhang"
  | "decide-hang"
  | "decide-extension"
  | "decide-dispute"
  | "assign-look-back";

export type Ask =
  | "severity"
  | "unit"
  | "due"
  | "reason"
  | "note"
  | "duplicate"
  | "founded"
  | "final"
  | "inspector"
  | "on-site"
  | "plan"
  | "granted";

export const DECISIONS: Record<DecisionAction, { asks: Ask[]; isSevere?: boolean }> = {
  approve: { asks: ["severity", "unit", "due"] },
  "send-back": { asks: ["reason"] },
  reject: { asks: ["reason", "duplicate"], isSevere: true },
  release: { asks: [] },
  "release-urgent": { asks: ["unit"] },
  reassign: { asks: ["unit", "founded", "final"] },
  "assign-check": { asks: ["inspector"] },
  pass: { asks: ["on-site", "note"] },
  fail: { asks: ["reason"] },
  hang: { asks: ["reason", "plan"] },
  unhang: { asks: ["note"] },
  "decide-hang": { asks: ["granted", "reason"] },
  "decide-extension": { asks: ["granted", "reason"] },
  "decide-dispute": { asks: ["granted", "reason"] },
  "assign-look-back": { asks: ["inspector"] },
};

export const isDecision = (action: Action): action is DecisionAction => action in DECISIONS;

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

/** Whether somebody has to go there before it is closed; the service has the last word. */
export const expectsVisit = (issue: OfficeIssue): boolean =>
  issue.severity === "high" || issue.chain_no > 0 || issue.flag_codes.length > 0;

/** What is still missing, by field; `issue` where it is about one. */
export function decisionFaults(
  action: DecisionAction,
  fields: DecisionFields,
  issue: OfficeIssue | null = null,
): Ask[] {
  const asks = DECISIONS[action].asks;
  const faults: Ask[] = [];
  if (asks.includes("unit") && fields.unitId === "") faults.push("unit");
  if (asks.includes("granted") && fields.granted === null) faults.push("granted");
  if (asks.includes("reason") && fields.text.trim() === "") faults.push("reason");
  if (action === "pass" && issue && !fields.onSite && expectsVisit(issue) && fields.text.trim() === "")
    faults.push("note");
  if (asks.includes("inspector") && fields.inspectorId === "") faults.push("inspector");
  if (asks.includes("plan") && !isPlan(fields.plan)) faults.push("plan");
  return faults;
}

export function decisionBody(
  action: DecisionAction,
  fields: DecisionFields,
  issue: OfficeIssue,
): Record<string, unknown> {
  const text = fields.text.trim();
  const pending = (kind: RequestKind) =>
    issue.requests.find((request) => request.kind === kind && request.state === "pending")?.id;
  switch (action) {
    case "approve":
      return { severity: fields.severity, unit_id: fields.unitId, ...(fields.due ? { due: fields.due } : {}) };
    case "send-back":
    case "fail":
      return { reason: text };
    case "reject":
      return { reason: text, ...(fields.duplicateOf.trim() ? { duplicate_of: fields.duplicateOf.trim() } : {}) };
    case "release":
      return {};
    case "release-urgent":
      return { severity: "high", unit_id: fields.unitId };
    case "reassign":
      return { unit_id: fields.unitId, founded: fields.founded, final: fields.final };
    case "assign-check":
    case "assign-look-back":
      return { inspector_id: fields.inspectorId };
    case "pass":
      return { on_site: fields.onSite, ...(text ? { note: text } : {}) };
    case "hang":
      return { reason: text, plan: planBody(fields.plan) };
    case "unhang":
      return text ? { reason: text } : {};
    case "decide-hang":
      return { request_id: pending("hang"), granted: fields.granted, reason: text };
    case "decide-extension":
      return { request_id: pending("extension"), granted: fields.granted, reason: text };
    case "decide-dispute":
      return { request_id: pending("dispute"), granted: fields.granted, reason: text };
  }
}
