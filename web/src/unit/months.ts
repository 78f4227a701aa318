// A unit's own figures by month, counted from its own issues.
import type { UnitIssue } from "../api/types";
import { phaseOf } from "../states";
import { civilDay } from "../time/civil";

export interface MonthFigures {
  /** `2026-08`, the month in which they were handed over. */
  month: string;
  total: number;
  /** Closed with a fix in time. */
  onTime: number;
  /** Closed, but late. */
  late: number;
  /** Not closed, and past the deadline. */
  overdue: number;
  /** Not closed, in time so far. */
  open: number;
  /** Void: a dispute was upheld, or it was withdrawn. */
  void: number;
  /** Returned by this unit as not its own. */
  returned: number;
  /** Failed the first check. */
  rework: number;
}

type Counted = Pick<UnitIssue, "released_at" | "state" | "on_time" | "overdue" | "returns" | "round">;

/** The `count` months up to the one of `now`, the latest first. */
export function monthsUpTo(now: number, count: number): string[] {
  const [year = 0, month = 0] = civilDay(now).split("-").map(Number);
  return Array.from({ length: count }, (_, back) => {
    const at = year * 12 + month - 1 - back;
    return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}`;
  });
}

/** When a month begins in the county. */
export const monthBegin = (month: string): string => new Date(Date.parse(`${month}-01T00:00:00+08:00`)).toISOString();

export function monthFigures(issues: Counted[], months: string[], unitId: string | null): MonthFigures[] {
  return months.map((month) => {
    const figures: MonthFigures = {
      month,
      total: 0,
      onTime: 0,
      late: 0,
      overdue: 0,
      open: 0,
      void: 0,
      returned: 0,
      rework: 0,
    };
    for (const issue of issues) {
      if (!issue.released_at || civilDay(issue.released_at).slice(0, 7) !== month) continue;
      figures.total += 1;
      figures[outcomeOf(issue)] += 1;
      if (issue.returns.some((back) => back.unit_id === unitId)) figures.returned += 1;
      if (issue.round > 1) figures.rework += 1;
    }
    return figures;
  });
}

/** Every issue has exactly one, so the parts of a column add up to it. */
function outcomeOf(issue: Counted): "onTime" | "late" | "overdue" | "open" | "void" {
  const phase = phaseOf(issue.state);
  if (phase === "void") return "void";
  if (phase === "closed") return issue.on_time === false ? "late" : "onTime";
  return issue.overdue ? "overdue" : "open";
}

/** Share of the due issues that were done in time, in percent; `null` if there are none. */
export function onTimePercent({
  onTime,
  late,
  overdue,
}: Pick<MonthFigures, "onTime" | "late" | "overdue">): number | null {
  const due = onTime + late + overdue;
  return due === 0 ? null : Math.round((onTime / due) * 100);
}
