// What each step asks of a person, and the body it becomes. One table: the page draws what stands here.
import type { PhotoView, Place } from "../api/types";
import { sentMarks } from "../photo/marks";
import { fitsPlace, itemOf } from "../session/reference";
import type { AnswerDraft } from "../store/records";
import { isPlan, planBody } from "../ui/PlanFields";

export type AnswerAction =
  | "sign-in"
  | "report-fix"
  | "confirm-fix"
  | "return"
  | "request-extension"
  | "request-hang"
  | "reach-milestone"
  | "dispute"
  | "resubmit"
  | "pass"
  | "fail"
  | "look-back";

interface Form {
  /** The field that `text` becomes, and whether it may be empty. */
  text: { name: "measure" | "reason" | "note" | "description"; isNeeded: boolean; max: number } | null;
  /** Views that are offered; nothing where the step takes no photo. */
  views: PhotoView[];
  /** Views without which it cannot be sent. */
  needed: PhotoView[];
  asks: ("remedy" | "handler" | "unit" | "until" | "on-site" | "held" | "item" | "severity" | "plan")[];
  /** Whether it says beforehand what it does to the clock. */
  hasConsequence: boolean;
}

const AGAIN: PhotoView[] = ["same-angle", "wide", "detail"];

export const FORMS: Record<AnswerAction, Form> = {
  "sign-in": { text: null, views: [], needed: [], asks: ["handler"], hasConsequence: true },
  "report-fix": {
    text: { name: "measure", isNeeded: true, max: 200 },
    views: AGAIN,
    needed: ["same-angle", "wide"],
    asks: ["remedy"],
    hasConsequence: false,
  },
  "confirm-fix": { text: null, views: [], needed: [], asks: [], hasConsequence: true },
  return: {
    text: { name: "reason", isNeeded: true, max: 500 },
    views: [],
    needed: [],
    asks: ["unit"],
    hasConsequence: true,
  },
  "request-extension": {
    text: { name: "reason", isNeeded: true, max: 500 },
    views: ["detail"],
    needed: [],
    asks: ["until"],
    hasConsequence: true,
  },
  "request-hang": {
    text: { name: "reason", isNeeded: true, max: 500 },
    views: ["wide", "detail"],
    needed: ["wide"],
    asks: ["plan"],
    hasConsequence: true,
  },
  "reach-milestone": {
    text: { name: "note", isNeeded: false, max: 500 },
    views: ["wide", "detail"],
    needed: [],
    asks: [],
    hasConsequence: true,
  },
  dispute: {
    text: { name: "reason", isNeeded: true, max: 500 },
    views: ["detail"],
    needed: [],
    asks: [],
    hasConsequence: true,
  },
  resubmit: {
    text: { name: "description", isNeeded: false, max: 500 },
    views: ["far", "near", "detail"],
    needed: [],
    asks: ["item", "severity"],
    hasConsequence: false,
  },
  pass: {
    text: { name: "note", isNeeded: false, max: 500 },
    views: AGAIN,
    needed: [],
    asks: ["on-site"],
    hasConsequence: true,
  },
  fail: {
    text: { name: "reason", isNeeded: true, max: 500 },
    views: AGAIN,
    needed: [],
    asks: [],
    hasConsequence: true,
  },
  "look-back": {
    text: { name: "note", isNeeded: false, max: 500 },
    views: AGAIN,
    needed: ["same-angle"],
    asks: ["held"],
    hasConsequence: true,
  },
};

export const isAnswerAction = (action: string | undefined): action is AnswerAction =>
  action !== undefined && action in FORMS;

export type AnswerFault = "text" | "remedy" | "held" | "same-angle" | "wide" | "plan" | "misfit";

/** What the service would not take. `of` is the issue: its item, and its place where that is known. */
export function answerFaults(
  action: AnswerAction,
  draft: AnswerDraft,
  of?: { place: Place | undefined; itemCode: string },
): AnswerFault[] {
  const form = FORMS[action];
  const { fields } = draft;
  const faults: AnswerFault[] = [];
  for (const view of form.needed) {
    if (!draft.photos.some((photo) => photo.view === view)) faults.push(view as "same-angle" | "wide");
  }
  if (form.text?.isNeeded && draft.fields.text.trim() === "") faults.push("text");
  if (form.asks.includes("remedy") && draft.fields.remedy === null) faults.push("remedy");
  if (form.asks.includes("held") && draft.fields.held === null) faults.push("held");
  if (form.asks.includes("plan") && !isPlan(fields.plan ?? [])) faults.push("plan");
  // An item that stays as it was is not judged anew.
  const item = form.asks.includes("item") && fields.itemCode !== of?.itemCode ? itemOf(fields.itemCode) : undefined;
  if (of?.place && item && !fitsPlace(item, of.place)) faults.push("misfit");
  return faults;
}

/** The body of the step, as the contract wants it: what is empty is left out. */
export function answerBody(action: AnswerAction, draft: AnswerDraft): Record<string, unknown> {
  const { fields } = draft;
  const form = FORMS[action];
  const body: Record<string, unknown> = {};
  const text = fields.text.trim();
  if (form.text && text !== "") body[form.text.name] = text;
  if (form.views.length > 0 && (draft.photos.length > 0 || form.needed.length > 0)) {
    body.photos = draft.photos.map((photo) => ({
      id: photo.id,
      view: photo.view,
      captured_at: photo.capturedAt,
      ...sentMarks(photo),
    }));
  }
  if (form.asks.includes("remedy")) body.remedy = fields.remedy;
  if (form.asks.includes("handler") && fields.handler.trim() !== "") body.handler = fields.handler.trim();
  if (form.asks.includes("unit") && fields.unitId) body.proposed_unit_id = fields.unitId;
  if (form.asks.includes("until") && fields.until) body.until = fields.until;
  if (form.asks.includes("on-site")) body.on_site = fields.onSite;
  if (form.asks.includes("held")) body.held = fields.held;
  if (form.asks.includes("item") && fields.itemCode) body.item_code = fields.itemCode;
  if (form.asks.includes("plan")) body.plan = planBody(fields.plan ?? []);
  if (form.asks.includes("severity") && fields.severity) body.severity = fields.severity;
  return body;
}
