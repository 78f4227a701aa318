import type { zhUnit } from "../zh/unit";

/** Words of the lists of units and of roles that only read. */
export const enUnit: Record<keyof typeof zhUnit, string> = {
  "todo.todo": "All",
  "todo.sign-in": "Sign for",
  "todo.rework": "Rework",
  "todo.soon": "Due soon",
  "todo.empty": "Nothing to do.",
  "all.empty": "Nothing has been released yet.",
  "all.cards": "Cards",
  "all.self": "Found ourselves",
  "all.month": "By month",
  "all.all": "All",
  "all.open": "Open",
  "all.overdue": "Overdue",
  "all.closed": "Closed",
  "all.noneOfThem": "There are none of these.",
};
