import { readAreas } from "../../api/plans";
import type { Areas } from "../../api/plans";
import { link } from "../../router";
import { reference } from "../../session/reference";
import { t } from "../../texts";
import { Empty, Fetched } from "../../ui/Notice";
import { useCached } from "../../ui/useCached";
import { areas as areasOf } from "../areas";
import { shadeOf } from "./heat";

/** Source: the weeks of the overview. */
const WEEKS = 8;
const COLUMNS = ["open", "overdue", "entered", "closed", "rework", "rebounds"] as const;

/** Where the issues are: each township, shaded by its figures. The trends of one are on the overview. */
export function AreasSection() {
  const areas = useCached<Areas>(`areas?${WEEKS}`, () => readAreas({ weeks: WEEKS }));
  const names = new Map(areasOf(reference.value?.units ?? []));
  return (
    <section class="card stack" aria-label={t("areas.table")}>
      <Fetched of={areas} rows={6}>
        {(body) => {
          // Where several townships say the same code, it is the county's: the overview has that.
          const shown = body.areas.filter(({ area }) => names.has(area));
          if (shown.length === 0) return <Empty>{t("areas.empty")}</Empty>;
          const most = (column: (typeof COLUMNS)[number]) => Math.max(...shown.map((area) => area[column]));
          return (
            <>
              <p class="meta">{t("areas.method", { weeks: WEEKS })}</p>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
              <div class="sheet-scroll" tabIndex={0} role="region" aria-label={t("areas.table")}>
                <table class="figure-table heat-table">
                  <caption class="visually-hidden">{t("areas.table")}</caption>
                  <thead>
                    <tr>
                      <th scope="col">{t("areas.area")}</th>
                      {COLUMNS.map((column) => (
                        <th scope="col" key={column}>
                          {t(`figures.${column}`)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {[...shown]
                      .sort((a, b) => b.open - a.open)
                      .map((area) => (
                        <tr key={area.area}>
                          <th scope="row">
                            <a lang="zh-CN" href={`${link("overview")}?area=${area.area}`}>
                              {names.get(area.area)}
                            </a>
                          </th>
                          {COLUMNS.map((column) => (
                            <td key={column} class={`heat-${shadeOf(area[column], most(column))}`}>
                              {area[column]}
                            </td>
                          ))}
                        </tr>
                      ))}
                  </tbody>
                </table>
              </div>
            </>
          );
        }}
      </Fetched>
    </section>
  );
}
