import { listBatchIssues } from "../../api/batches";
import type { Batch } from "../../api/batches";
import type { OfficeIssue, State } from "../../api/types";
import { link } from "../../router";
import { itemOf, unitOf } from "../../session/reference";
import { session } from "../../session/session";
import { faultTitle, t } from "../../texts";
import { Fetched, Notice } from "../../ui/Notice";
import { SeverityChip, StateChip } from "../../ui/StateChip";
import { useCached } from "../../ui/useCached";

/** Still to be reviewed: the batch waits for these. Source: `progress` of src/store/batches.rs. */
const UNREVIEWED: readonly State[] = ["receiving", "submitted", "returned"];

/** What will be released with a batch, and what stops it; afterwards, what was. */
export function IssuesSection({ batch }: { batch: Batch }) {
  const issues = useCached<OfficeIssue[]>(`batches/${batch.id}/issues`, () => listBatchIssues(batch.id));
  const isReleased = batch.state === "released";
  return (
    <section class="card stack" aria-labelledby="issues-title">
      <h2 id="issues-title">{t(isReleased ? "batchIssues.released" : "batchIssues.title")}</h2>
      <Fetched of={issues} rows={4}>
        {(all) =>
          all.length === 0 ? (
            <p>{t(isReleased ? "batchIssues.noneReleased" : "batchIssues.none")}</p>
          ) : (
            <>
              {isReleased ? null : <Obstacles all={all} />}
              <Rows all={all} isReleased={isReleased} />
            </>
          )
        }
      </Fetched>
    </section>
  );
}

/** What stops the release of everything: one is enough. */
function Obstacles({ all }: { all: OfficeIssue[] }) {
  const me = session.value?.user.id ?? "";
  const unreviewed = all.filter((issue) => UNREVIEWED.includes(issue.state)).length;
  const own = all.filter((issue) => issue.state === "sealed" && issue.approved_by?.id === me).length;
  const sealed = all.filter((issue) => issue.state === "sealed").length;
  return (
    <div class="stack-tight">
      <p>{t("batchIssues.sum", { sealed, count: all.length })}</p>
      {unreviewed > 0 ? (
        <Notice tone="warn">
          <p>{t("batchIssues.unreviewed", { count: unreviewed })}</p>
        </Notice>
      ) : null}
      {own > 0 ? (
        <Notice tone="warn">
          <p>{t("batchIssues.own", { count: own })}</p>
        </Notice>
      ) : null}
    </div>
  );
}

function Rows({ all, isReleased }: { all: OfficeIssue[]; isReleased: boolean }) {
  const rank = (issue: OfficeIssue) => (UNREVIEWED.includes(issue.state) ? 0 : issue.state === "sealed" ? 1 : 2);
  const rows = isReleased ? all : [...all].sort((a, b) => rank(a) - rank(b));
  return (
    <table class="batch-table batch-table-dense">
      <caption class="visually-hidden">{t("batchIssues.title")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("list.what")}</th>
          <th scope="col">{t("severity.title")}</th>
          <th scope="col">{t("unit.title")}</th>
          <th scope="col">{t("batchIssues.state")}</th>
          <th scope="col">{t("batch.approved")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((issue) => (
          <tr key={issue.id}>
            <td>
              <a href={link("issue", issue.id)} lang="zh-CN">
                {issue.point.name}
              </a>{" "}
              <span class="meta">{faultTitle(itemOf(issue.item_code)) || issue.item_code}</span>
            </td>
            <td>
              <SeverityChip severity={issue.severity} />
            </td>
            <td data-label={t("unit.title")} lang="zh-CN">
              {unitOf(issue.unit_id)?.name ?? t("batchIssues.noUnit")}
            </td>
            <td data-label={t("batchIssues.state")}>
              <StateChip state={issue.state} />
            </td>
            <td data-label={t("batch.approved")} lang="zh-CN">
              {issue.approved_by?.display_name ?? "–"}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
