import { useState } from "preact/hooks";
import type { UnitFigures } from "../../api/figures";
import { link } from "../../router";
import { unitOf } from "../../session/reference";
import { t } from "../../texts";
import type { TextKey } from "../../texts";
import { figureLink } from "./links";
import type { Days, Scope } from "./links";
import { beginOf, inOrder } from "./order";
import type { Column, Order } from "./order";
import { percentOf } from "./rate";

const HEADINGS: Record<Column, TextKey> = {
  name: "unit.title",
  open: "figures.open",
  overdue: "figures.overdue",
  reminded: "figures.reminded",
  rate: "figures.onTime",
  rework: "figures.rework",
  rebounds: "figures.rebounds",
  median_days: "figures.median",
};
const COLUMNS = ["open", "overdue", "reminded", "rate", "rework", "rebounds", "median_days"] as const;

/** How each unit stands; its name leads to its own figures. */
export function UnitsTable({
  units,
  days,
  scope,
  page,
}: {
  units: UnitFigures[];
  days: Days;
  scope: Scope;
  page: string;
}) {
  const [order, setOrder] = useState<Order>(beginOf("overdue"));
  const nameOf = (unit: UnitFigures) => unitOf(unit.unit_id)?.name ?? t("unit.unknown");
  const heading = (column: Column) => {
    const isHere = order.column === column;
    return (
      <th scope="col" key={column} aria-sort={isHere ? (order.isDown ? "descending" : "ascending") : undefined}>
        <button
          type="button"
          class="sort"
          onClick={() => setOrder(isHere ? { column, isDown: !order.isDown } : beginOf(column))}
        >
          {t(HEADINGS[column])}
          <span aria-hidden="true">{isHere ? (order.isDown ? " \u2193" : " \u2191") : ""}</span>
        </button>
      </th>
    );
  };
  return (
    <section class="card stack" aria-labelledby="units-title">
      <h2 id="units-title">{t("figures.units")}</h2>
      {units.length === 0 ? (
        <p class="meta">{t("figures.noUnits")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <div class="sheet-scroll" tabIndex={0} role="region" aria-label={t("figures.unitTable")}>
          <table class="figure-table">
            <caption class="visually-hidden">{t("figures.unitTable")}</caption>
            <thead>
              <tr>
                {heading("name")}
                {COLUMNS.map(heading)}
              </tr>
            </thead>
            <tbody>
              {inOrder(units, order, nameOf).map((unit) => (
                <tr key={unit.unit_id}>
                  <th scope="row">
                    <a
                      lang="zh-CN"
                      href={`${link(page)}?${new URLSearchParams({ ...scope, unit_id: unit.unit_id }).toString()}`}
                    >
                      {nameOf(unit)}
                    </a>
                  </th>
                  {COLUMNS.map((column) => (
                    <td key={column}>
                      <Cell unit={unit} column={column} days={days} scope={{ ...scope, unit_id: unit.unit_id }} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Cell({
  unit,
  column,
  days,
  scope,
}: {
  unit: UnitFigures;
  column: (typeof COLUMNS)[number];
  days: Days;
  scope: Scope;
}) {
  if (column === "rate") {
    const percent = percentOf(unit.on_time, unit.due);
    if (percent === null) return <span class="meta">{t("figures.none")}</span>;
    return (
      <>
        {percent}%{" "}
        <span class="nowrap">
          <a href={figureLink("on_time", days, scope)}>{unit.on_time}</a>/
          <a href={figureLink("due", days, scope)}>{unit.due}</a>
        </span>
      </>
    );
  }
  const value = unit[column];
  if (value === null) return <span class="meta">{t("figures.none")}</span>;
  return (
    <a
      data-figure={column}
      class={column === "overdue" && value > 0 ? "text-danger" : ""}
      href={figureLink(column, days, scope)}
    >
      {value}
    </a>
  );
}
