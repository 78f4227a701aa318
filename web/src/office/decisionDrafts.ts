// What somebody has filled in but not confirmed, for each issue and each kind of decision. It survives a reload, a
// change of page and the end of the session. It is in localStorage, because it is small and must be saved before the
// page closes.
import type { DecisionAction } from "../actions";
import { session } from "../session/session";
import type { DecisionFields } from "./decisions";

interface Filled {
  fields: DecisionFields;
  /** The version of the issue that was on the screen. */
  version: number;
}
export interface DecisionDraft extends Filled {
  /** The decision that was touched last. */
  action: DecisionAction;
}
type Forms = Partial<Record<DecisionAction, Filled>>;
interface Kept {
  action: DecisionAction;
  forms: Forms;
  at: number;
}

/** How long a draft that nobody confirms is kept, in milliseconds. Source: our choice. */
const KEPT_MS = 14 * 24 * 3_600_000;
const me = () => session.value?.user.id ?? "";
const prefix = (account: string) => `decision/${account}/`;

function kept(issueId: string, account: string): Kept | null {
  try {
    const entry = JSON.parse(localStorage.getItem(prefix(account) + issueId) ?? "null") as Kept | null;
    return entry && typeof entry.forms === "object" ? entry : null;
  } catch {
    return null;
  }
}

/** What was filled in for one decision, or for that which was touched last. */
export function readDraft(issueId: string, action?: DecisionAction): DecisionDraft | null {
  const entry = kept(issueId, me());
  const wanted = action ?? entry?.action;
  const form = wanted && entry?.forms[wanted];
  return form && typeof form.fields === "object" ? { action: wanted, ...form } : null;
}

/** Keeps it beside what was filled in for other decisions on the same issue. */
export function keepDraft(issueId: string, { action, fields, version }: DecisionDraft, account = me()): void {
  const forms: Forms = { ...kept(issueId, account)?.forms, [action]: { fields, version } };
  const entry: Kept = { action, forms, at: Date.now() };
  try {
    localStorage.setItem(prefix(account) + issueId, JSON.stringify(entry));
  } catch {
    // Private windows may refuse; the form still has it.
  }
}

export function forgetDraft(issueId: string, account = me()): void {
  try {
    localStorage.removeItem(prefix(account) + issueId);
  } catch {
    // Nothing was kept.
  }
}

/** Removes drafts that nobody came back to. */
export function sweepDrafts(): void {
  const mine = prefix(me());
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith(mine))) {
    if ((kept(name.slice(mine.length), me())?.at ?? 0) < Date.now() - KEPT_MS) localStorage.removeItem(name);
  }
}
