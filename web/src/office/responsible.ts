// The responsible unit by the service's rule: by the division of duties, not by the place alone.
import { readResponsible } from "../api/responsible";
import type { OfficeIssue, Schemas } from "../api/types";
import { placeOf } from "../session/reference";
import { beginDecision } from "./decisions";

export interface Suggestion {
  unitId: string;
  /** What names it; `null` where only the place does. */
  basis: Schemas["Basis"] | null;
}

/** The answers to come, so that an issue that is opened again, or by the next key, has its unit at once. */
const asked = new Map<string, Promise<Suggestion>>();
const ASKED_MAX = 200;
/** How long an answer is good for, in milliseconds: the division of duties may change. Source: our choice. */
const GOOD_MS = 600_000;

/** The unit that answers for the item at the place. */
export function responsibleFor(issue: Pick<OfficeIssue, "point" | "item_code">): Promise<Suggestion> {
  const name = `${issue.point.id} ${issue.item_code} ${Math.floor(Date.now() / GOOD_MS)}`;
  const known = asked.get(name);
  if (known) return known;
  if (asked.size >= ASKED_MAX) asked.clear();
  const coming = readResponsible(issue.point.id, issue.item_code).then(
    (found): Suggestion => ({ unitId: found.lead_unit_id, basis: found.basis }),
    (): Suggestion => {
      asked.delete(name);
      return { unitId: placeOf(issue.point.id)?.lead_unit_id ?? "", basis: null };
    },
  );
  asked.set(name, coming);
  return coming;
}

/** The unit that is preselected: the proposed or present one, else the responsible one. */
export async function unitFor(issue: OfficeIssue): Promise<string> {
  return beginDecision(issue, undefined).unitId || (await responsibleFor(issue)).unitId;
}
