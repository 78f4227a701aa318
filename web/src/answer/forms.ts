// One table with a row for each action of a unit or an inspector: what its form asks for, and the body that is sent.
import type { AnswerAction } from "../actions";
import { DESCRIPTION_CHARS_MAX, MEASURE_CHARS_MAX, REASON_CHARS_MAX } from "../api/limits";
import type { Action, InspectorIssue, PhotoView, Place, UnitIssue } from "../api/types";
import { keysOf } from "../keysOf";
import { sentMarks } from "../photo/marks";
import { itemOf } from "../session/reference";
import { fitsPlace } from "../session/fitting";
import type { AnswerDraft, AnswerFields } from "../store/records";
import { serverNow } from "../time/moment";
import { isPlan, planBody } from "../ui/PlanFields";

/** A field of a form; `answer/AnswerField.tsx` draws each. */
export type Ask = "held" | "item" | "severity" | "on-site" | "remedy" | "handler" | "unit" | "until" | "plan";

interface Form {
  /** Who takes it: it is a button on the issue page of a unit or of an inspector. */
  by: "unit" | "inspector";
  /** Whether it is the button that is offered first; `answer/mainAction.ts` puts these in order. */
  isMain: boolean;
  /** Whether the form says beforehand what the action does to the deadline: `consequence.*` of the texts. */
  hasConsequence: boolean;
  asks: Ask[];
  /** The field that the text becomes. */
  text: { name: "measure" | "reason" | "note" | "description"; isNeeded: boolean; max: number } | null;
  /** Views that are offered; none where the action takes no photo. */
  views: PhotoView[];
  /** Views without which it cannot be sent. */
  needed: ("same-angle" | "wide")[];
}

const AGAIN: PhotoView[] = ["same-angle", "wide", "detail"];
const text = (name: NonNullable<Form["text"]>["name"], isNeeded: boolean, max: number = REASON_CHARS_MAX) => ({
  name,
  isNeeded,
  max,
});

export const FORMS = {
  "sign-in": {
    by: "unit",
    isMain: true,
    hasConsequence: true,
    asks: ["handler"],
    text: null,
    views: [],
    needed: [],
  },
  "report-fix": {
    by: "unit",
    isMain: true,
    hasConsequence: false,
    asks: ["remedy"],
    text: text("measure", true, MEASURE_CHARS_MAX),
    views: AGAIN,
    needed: ["same-angle", "wide"],
  },
  "confirm-fix": {
    by: "unit",
    isMain: true,
    hasConsequence: true,
    asks: [],
    text: null,
    views: [],
    needed: [],
  },
  return: {
    by: "unit",
    isMain: false,
    hasConsequence: true,
    asks: ["unit"],
    text: text("reason", true),
    views: [],
    needed: [],
  },
  "request-extension": {
    by: "unit",
    isMain: false,
    hasConsequence: true,
    asks: ["until"],
    text: text("reason", true),
    views: ["detail"],
    needed: [],
  },
  "request-hang": {
    by: "unit",
    isMain: false,
    hasConsequence: true,
    asks: ["plan"],
    text: text("reason", true),
    views: ["wide", "detail"],
    needed: ["wide"],
  },
  "reach-milestone": {
    by: "unit",
    isMain: false,
    hasConsequence: true,
    asks: [],
    text: text("note", false),
    views: ["wide", "detail"],
    needed: [],
  },
  dispute: {
    by: "unit",
    isMain: false,
    hasConsequence: true,
    asks: [],
    text: text("reason", true),
    views: ["detail"],
    needed: [],
  },
  withdraw: {
    by: "inspector",
    isMain: false,
    hasConsequence: true,
    asks: [],
    text: null,
    views: [],
    needed: [],
  },
  resubmit: {
    by: "inspector",
    isMain: true,
    hasConsequence: false,
    asks: ["item", "severity"],
    text: text("description", false, DESCRIPTION_CHARS_MAX),
    views: ["far", "near", "detail"],
    needed: [],
  },
  pass: {
    by: "inspector",
    isMain: true,
    hasConsequence: true,
    asks: ["on-site"],
    text: text("note", false),
    views: AGAIN,
    needed: [],
  },
  fail: {
    by: "inspector",
    isMain: false,
    hasConsequence: true,
    asks: [],
    text: text("reason", true),
    views: AGAIN,
    needed: [],
  },
  "cannot-judge": {
    by: "inspector",
    isMain: false,
    hasConsequence: true,
    asks: [],
    text: text("reason", true),
    views: AGAIN,
    needed: [],
  },
  "look-back": {
    by: "inspector",
    isMain: true,
    hasConsequence: true,
    asks: ["held"],
    text: text("note", false),
    views: AGAIN,
    needed: ["same-angle"],
  },
} satisfies Partial<Record<Action, Form>>;

/** The form of an action; the rows themselves have types of their own. */
export const formOf = (action: AnswerAction): Form => FORMS[action];

type With<Of extends Partial<Form>> = {
  [A in AnswerAction]: (typeof FORMS)[A] extends Of ? A : never;
}[AnswerAction];
export type UnitAction = With<{ by: "unit" }>;
export type InspectorAction = With<{ by: "inspector" }>;
export type MainAction = With<{ isMain: true }>;
export type ConsequentialAction = With<{ hasConsequence: true }>;

export const isAnswerAction = (action: string | undefined): action is AnswerAction =>
  action !== undefined && action in FORMS;
export const isUnitAction = (action: string): action is UnitAction =>
  isAnswerAction(action) && formOf(action).by === "unit";
export const isConsequential = (action: AnswerAction): action is ConsequentialAction => formOf(action).hasConsequence;

type Body = Record<string, unknown>;
/** What each field needs before the action is sent, and what it puts into the body: nothing where it is empty. */
const ASKS: Record<Ask, { isMissing: (fields: AnswerFields) => boolean; body: (fields: AnswerFields) => Body }> = {
  held: { isMissing: ({ held }) => held === null, body: ({ held }) => ({ held }) },
  item: { isMissing: () => false, body: ({ itemCode }) => (itemCode ? { item_code: itemCode } : {}) },
  severity: { isMissing: () => false, body: ({ severity }) => (severity ? { severity } : {}) },
  "on-site": { isMissing: () => false, body: ({ onSite }) => ({ on_site: onSite }) },
  remedy: { isMissing: ({ remedy }) => remedy === null, body: ({ remedy }) => ({ remedy }) },
  handler: {
    isMissing: () => false,
    body: ({ handler }) => (handler.trim() === "" ? {} : { handler: handler.trim() }),
  },
  unit: { isMissing: () => false, body: ({ unitId }) => (unitId ? { proposed_unit_id: unitId } : {}) },
  until: { isMissing: () => false, body: ({ until }) => (until ? { until } : {}) },
  plan: { isMissing: ({ plan }) => !isPlan(plan ?? []), body: ({ plan }) => ({ plan: planBody(plan ?? []) }) },
};
/** All fields in the order in which they are drawn. */
export const ASK_ORDER = keysOf(ASKS);

export type AnswerFault =
  | "text"
  | "same-angle"
  | "wide"
  | "misfit"
  | "evidence"
  | "until-late"
  | Extract<Ask, "remedy" | "held" | "until" | "plan">;

/** An extension ends after the present deadline, and in the future. In milliseconds since the epoch. */
export const untilFrom = (dueAt: string | null, now: number): number => Math.max(now, dueAt ? Date.parse(dueAt) : 0);

/** The latest deadline that may be asked for; `null` where nothing limits it, or the service has not said. */
export const longestUntil = (issue: InspectorIssue | UnitIssue): string | null =>
  ("extension_until_max" in issue ? issue.extension_until_max : null) ?? null;

/** What the service would refuse. `of` is the issue's item and deadlines, and its place if that is known. */
export function answerFaults(
  action: AnswerAction,
  draft: AnswerDraft,
  of?: { place: Place | undefined; itemCode: string; dueAt?: string | null; longestUntil?: string | null },
): AnswerFault[] {
  const form = formOf(action);
  const { fields } = draft;
  const faults: AnswerFault[] = form.needed.filter((view) => !draft.photos.some((photo) => photo.view === view));
  // Somebody went there, and has neither taken a photo nor said why there is none.
  if (form.asks.includes("on-site") && fields.onSite && draft.photos.length === 0 && fields.text.trim() === "")
    faults.push("evidence");
  if (form.text?.isNeeded && fields.text.trim() === "") faults.push("text");
  faults.push(...(form.asks.filter((ask) => ASKS[ask].isMissing(fields)) as AnswerFault[]));
  if (
    form.asks.includes("until") &&
    fields.until &&
    Date.parse(fields.until) <= untilFrom(of?.dueAt ?? null, serverNow())
  )
    faults.push("until");
  if (
    form.asks.includes("until") &&
    fields.until &&
    of?.longestUntil &&
    Date.parse(fields.until) > Date.parse(of.longestUntil)
  )
    faults.push("until-late");
  // An item that stays as it was is not judged again.
  const item = form.asks.includes("item") && fields.itemCode !== of?.itemCode ? itemOf(fields.itemCode) : undefined;
  if (of?.place && item && !fitsPlace(item, of.place)) faults.push("misfit");
  return faults;
}

/** The body of the action as the contract wants it: what is empty is left out. */
export function answerBody(action: AnswerAction, draft: AnswerDraft): Body {
  const { fields } = draft;
  const form = formOf(action);
  const body: Body = {};
  const words = fields.text.trim();
  if (form.text && words !== "") body[form.text.name] = words;
  if (form.views.length > 0 && (draft.photos.length > 0 || form.needed.length > 0)) {
    body.photos = draft.photos.map((photo) => ({
      id: photo.id,
      view: photo.view,
      captured_at: photo.capturedAt,
      ...sentMarks(photo),
    }));
  }
  return Object.assign(body, ...form.asks.map((ask) => ASKS[ask].body(fields)));
}
