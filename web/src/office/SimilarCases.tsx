import { listIssues } from "../api/issues";
import { issueQuery } from "../api/query";
import type { OfficeIssue } from "../api/types";
import { link } from "../router";
import { isOpen, phaseOf } from "../states";
import { t } from "../texts";
import { civilDay } from "../time/civil";
import { formatDay, serverNow } from "../time/moment";
import { StateChip } from "../ui/StateChip";
import { useCached } from "../ui/useCached";

/** How far back a case is similar, in milliseconds. Source: domain M16, a rebound is within 90 days. */
const SIMILAR_MS = 90 * 24 * 3_600_000;
const SHOWN_MAX = 6;

/** Other cases of the same item at the same place: one of them may be the same, or have come back. */
export function SimilarCases({ issue }: { issue: OfficeIssue }) {
  // A whole day, so that the same question has the same name.
  const from = `${civilDay(serverNow() - SIMILAR_MS)}T00:00:00Z`;
  const query = issueQuery({ point_id: issue.point.id, item_code: issue.item_code, from, limit: 50 });
  const found = useCached(`similar?${query}`, async () => (await listIssues(query)).items as OfficeIssue[]);
  const others = (found.body ?? [])
    .filter((one) => one.id !== issue.id && phaseOf(one.state) !== "void")
    .sort((a, b) => Number(isOpen(b.state)) - Number(isOpen(a.state)));
  if (found.body === undefined) return null;
  const open = others.filter((one) => isOpen(one.state)).length;
  return (
    <section class="card card-tight stack-tight no-print" aria-labelledby="similar">
      <h3 id="similar">{t("similar.title")}</h3>
      <p class="meta">
        {others.length === 0 ? t("similar.none") : t("similar.count", { open, closed: others.length - open })}
      </p>
      <ul class="similar">
        {others.slice(0, SHOWN_MAX).map((one) => (
          <li key={one.id}>
            <StateChip state={one.state} />{" "}
            <a href={link("issue", one.id)}>
              {one.number ?? t("issue.noNumber")} {"\u00b7"} {formatDay(one.captured_at)}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
