import { useState } from "preact/hooks";
import { PAGE_MAX } from "../../api/limits";
import { readMilestones, readNeeds } from "../../api/plans";
import type { Milestone, Needs } from "../../api/plans";
import { link } from "../../router";
import { unitOf } from "../../session/reference";
import { t } from "../../texts";
import { formatDay } from "../../time/moment";
import { MoreRows } from "../../ui/MoreRows";
import { Fetched } from "../../ui/Notice";
import { useCached } from "../../ui/useCached";
import { MonthChoice, presentMonth } from "./MonthChoice";
import { usePaged } from "./usePaged";

const noon = (day: string) => `${day}T04:00:00Z`;

/** Milestones of issues on the books, and what issues need that their units do not have. */
export function NeedsSection() {
  const [month, setMonth] = useState(presentMonth);
  const needs = useCached<Needs>(`needs?${month}`, () => readNeeds({ month, limit: PAGE_MAX }));
  return (
    <div class="stack-wide">
      <Milestones />
      <section class="card stack" aria-labelledby="needs-title">
        <h2 id="needs-title">{t("needs.title")}</h2>
        <MonthChoice month={month} onChange={setMonth} />
        <Fetched of={needs} rows={4}>
          {(body) =>
            body.items.length === 0 ? (
              <p>{t("needsList.empty")}</p>
            ) : (
              <div class="stack">
                <h3>{t("needsList.sum")}</h3>
                <table class="figure-table text-2">
                  <caption class="visually-hidden">{t("needsList.sum")}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t("unit.title")}</th>
                      <th scope="col">{t("needs.need")}</th>
                      <th scope="col">{t("needsList.count")}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {body.sums.map((sum) => (
                      <tr key={`${sum.unit_id} ${sum.need}`}>
                        <th scope="row" lang="zh-CN">
                          {unitOf(sum.unit_id)?.name ?? t("unit.unknown")}
                        </th>
                        <td>{t(`needs.${sum.need}`)}</td>
                        <td>{sum.issues}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
                <h3>{t("needsList.list")}</h3>
                <ul class="needs-list">
                  {body.items.map((row) => (
                    <li key={`${row.issue_id} ${row.need}`} class="stack-tight">
                      <p>
                        <a href={link("issue", row.issue_id)}>{row.number ?? t("gap.openIssue")}</a>{" "}
                        <span class="chip">{t(`needs.${row.need}`)}</span>{" "}
                        <span lang="zh-CN">{unitOf(row.unit_id)?.name ?? ""}</span>
                      </p>
                      {row.note === "" ? null : (
                        <p class="meta" lang="zh-CN">
                          {row.note}
                        </p>
                      )}
                    </li>
                  ))}
                </ul>
              </div>
            )
          }
        </Fetched>
      </section>
    </div>
  );
}

function stateOf(row: Milestone): string {
  if (row.missed) return t("milestone.missed");
  if (row.reached_on) return t("milestone.reached", { day: formatDay(noon(row.reached_on)) });
  return t(row.ended_on ? "milestone.ended" : "milestone.open");
}

function Milestones() {
  const rows = usePaged<Milestone>("milestones", (cursor) => readMilestones({ cursor }));
  return (
    <section class="card stack" aria-labelledby="milestones-title">
      <h2 id="milestones-title">{t("milestone.title")}</h2>
      {rows.rows.length === 0 && !rows.isLoading && !rows.failure ? (
        <p>{t("milestone.empty")}</p>
      ) : (
        <>
          <div class="sheet-scroll">
            <table class="figure-table board-table">
              <caption class="visually-hidden">{t("milestone.title")}</caption>
              <thead>
                <tr>
                  <th scope="col">{t("milestone.what")}</th>
                  <th scope="col">{t("milestone.due")}</th>
                  <th scope="col">{t("milestone.state")}</th>
                  <th scope="col">{t("unit.title")}</th>
                  <th scope="col">{t("gap.issue")}</th>
                </tr>
              </thead>
              <tbody>
                {rows.rows.map((row) => (
                  <tr key={`${row.issue_id} ${row.due}`}>
                    <th scope="row" lang="zh-CN">
                      {row.milestone}
                    </th>
                    <td>{formatDay(noon(row.due))}</td>
                    <td>
                      <span class={`chip ${row.missed ? "tone-danger" : row.reached_on ? "tone-success" : ""}`}>
                        {stateOf(row)}
                      </span>
                    </td>
                    <td lang="zh-CN">{unitOf(row.unit_id)?.name ?? t("unit.unknown")}</td>
                    <td>
                      <a href={link("issue", row.issue_id)}>{row.number ?? t("gap.openIssue")}</a>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <MoreRows of={rows} />
        </>
      )}
    </section>
  );
}
