import { useState } from "preact/hooks";
import { readBurden } from "../../api/plans";
import type { Burden } from "../../api/plans";
import { unitOf } from "../../session/reference";
import { t } from "../../texts";
import { Fetched } from "../../ui/Notice";
import { useCached } from "../../ui/useCached";
import { MonthChoice, presentMonth } from "./MonthChoice";

const COLUMNS = ["index", "points", "handed", "rework", "reminded", "visits"] as const;
const HEADINGS = {
  index: "burden.index",
  points: "burden.points",
  handed: "burden.handed",
  rework: "burden.rework",
  reminded: "burden.reminded",
  visits: "burden.visited",
} as const;

/** What the inspection itself costs those it watches. */
export function BurdenSection() {
  const [month, setMonth] = useState(presentMonth);
  const burden = useCached<Burden>(`burden?${month}`, () => readBurden({ month }));
  return (
    <section class="card stack" aria-labelledby="burden-title">
      <h2 id="burden-title">{t("burden.title")}</h2>
      <MonthChoice month={month} onChange={setMonth} />
      <Fetched of={burden} rows={6}>
        {(body) => (
          <div class="stack">
            <p class="meta">{t("burden.method")}</p>
            <p>
              {t("burden.visits", { visits: body.visits, points: body.points })}{" "}
              {body.median === null ? t("burden.noMedian") : t("burden.median", { median: body.median })}
            </p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <div class="sheet-scroll" tabIndex={0} role="region" aria-label={t("burden.table")}>
              <table class="figure-table">
                <caption class="visually-hidden">{t("burden.table")}</caption>
                <thead>
                  <tr>
                    <th scope="col">{t("unit.title")}</th>
                    {COLUMNS.map((column) => (
                      <th scope="col" key={column}>
                        {t(HEADINGS[column])}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {body.units.map((unit) => (
                    <tr key={unit.unit_id}>
                      <th scope="row" lang="zh-CN">
                        {unitOf(unit.unit_id)?.name ?? t("unit.unknown")}{" "}
                        {unit.heavy ? <span class="chip tone-warn">{t("burden.heavy")}</span> : null}
                      </th>
                      {COLUMNS.map((column) => (
                        <td key={column}>{unit[column]}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {body.most_visited.length > 0 ? (
              <>
                <h3>{t("burden.most")}</h3>
                <ul class="stack-tight">
                  {body.most_visited.map(({ point, visits }) => (
                    <li key={point.id}>
                      <span lang="zh-CN">{point.name}</span> {t("burden.times", { count: visits })}
                    </li>
                  ))}
                </ul>
              </>
            ) : null}
          </div>
        )}
      </Fetched>
    </section>
  );
}
