// The order of the units in their table.
import type { UnitFigures } from "../../api/figures";
import { percentOf } from "./rate";

export type Column = "name" | "open" | "overdue" | "reminded" | "rate" | "rework" | "rebounds" | "median_days";
export interface Order {
  column: Column;
  isDown: boolean;
}

/** What is worst first: few fixed in time, and much of everything else. */
export const beginOf = (column: Column): Order => ({ column, isDown: column !== "name" && column !== "rate" });

const figureOf = (unit: UnitFigures, column: Exclude<Column, "name">): number | null =>
  column === "rate" ? percentOf(unit.on_time, unit.due) : unit[column];

/** The units in that order; those without a value are last either way, and equal ones as the service has them. */
export function inOrder<U extends UnitFigures>(
  units: U[],
  { column, isDown }: Order,
  nameOf: (unit: U) => string,
): U[] {
  const turned = isDown ? -1 : 1;
  return units
    .map((unit, at) => ({ unit, at }))
    .sort((one, other) => {
      if (column === "name")
        return turned * nameOf(one.unit).localeCompare(nameOf(other.unit), "zh") || one.at - other.at;
      const [a, b] = [figureOf(one.unit, column), figureOf(other.unit, column)];
      if (a === null || b === null) return Number(a === null) - Number(b === null) || one.at - other.at;
      return turned * (a - b) || one.at - other.at;
    })
    .map(({ unit }) => unit);
}
