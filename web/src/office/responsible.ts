// The responsible unit by the service's rule: the division of duties, not the place alone.
import { readResponsible } from "../api/responsible";
import type { OfficeIssue } from "../api/types";
import { placeOf } from "../session/reference";
import { beginDecision } from "./decisions";

/** The unit that is preselected: the proposed or present one, else the responsible one. */
export async function unitFor(issue: OfficeIssue): Promise<string> {
  const known = beginDecision(issue, undefined).unitId;
  if (known !== "") return known;
  return readResponsible(issue.point.id, issue.item_code).then(
    (found) => found.lead_unit_id,
    () => placeOf(issue.point.id)?.lead_unit_id ?? "",
  );
}
