import type { zhMonth } from "../zh/month";

/** Words of a unit's month page. */
export const enMonth: Record<keyof typeof zhMonth, string> = {
  "month.title": "This unit by month",
  "month.scores": "Scores",
  "month.now": "Handed over in month {month}",
  "month.sum": "{total} handed over, {onTime} closed on time, {overdue} overdue",
  "month.rate": "on time",
  "month.noRate": "none yet",
  "month.chart": "Last {count} months",
  "month.chartLabel": "What became of each month's issues; the table below says the same",
  "month.whole": "{year}-{month}",
  "month.short": "{month}",
  "month.table": "What became of each month's issues",
  "month.month": "Month",
  "month.total": "Handed over",
  "month.onTime": "Closed on time",
  "month.late": "Closed late",
  "month.overdue": "Overdue",
  "month.open": "Open",
  "month.void": "Void",
  "month.rework": "Reworked",
  "month.returned": "Returned",
  "month.method":
    "By the month of handing over; only this unit's issues. On time = closed on time ÷ (closed on time + closed" +
    " late + overdue).",
  "month.countedAt": "Counted at {at}.",
  "month.cut": "There are many; only the latest {count} were counted.",
};
