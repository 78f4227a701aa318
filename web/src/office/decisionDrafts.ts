// What somebody has filled in and not confirmed, an entry for each issue: it outlives a reload, another page and an
// ended session. In localStorage, because it is small and has to be there before the page goes.
import type { DecisionAction } from "../actions";
import { session } from "../session/session";
import type { DecisionFields } from "./decisions";

export interface DecisionDraft {
  action: DecisionAction;
  fields: DecisionFields;
  /** The version of the issue that was on the screen. */
  version: number;
}

/** How long a draft that nobody confirms is kept, in milliseconds. Source: our choice. */
const KEPT_MS = 14 * 24 * 3_600_000;
const prefix = () => `decision/${session.value?.user.id ?? ""}/`;

export function readDraft(issueId: string): DecisionDraft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(prefix() + issueId) ?? "null") as DecisionDraft | null;
    return kept && typeof kept.fields === "object" ? kept : null;
  } catch {
    return null;
  }
}

export function keepDraft(issueId: string, draft: DecisionDraft): void {
  try {
    localStorage.setItem(prefix() + issueId, JSON.stringify({ ...draft, at: Date.now() }));
  } catch {
    // Private windows may refuse; the form still has it.
  }
}

export function forgetDraft(issueId: string): void {
  try {
    localStorage.removeItem(prefix() + issueId);
  } catch {
    // Nothing was kept.
  }
}

/** Removes drafts that nobody came back to. */
export function sweepDrafts(): void {
  for (const name of Object.keys(localStorage).filter((one) => one.startsWith(prefix()))) {
    const { at = 0 } = (readDraft(name.slice(prefix().length)) ?? {}) as { at?: number };
    if (at < Date.now() - KEPT_MS) localStorage.removeItem(name);
  }
}
