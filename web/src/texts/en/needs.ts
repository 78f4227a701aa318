import type { NeedsKey } from "..";

export const enNeeds: Record<NeedsKey, string> = {
  "needs.title": "What needs help",
  "needs.add": "State a need",
  "needs.change": "Change the needs",
  "needs.need": "Need",
  "needs.note": "In words",
  "needs.funds": "Funds",
  "needs.staff": "Staff",
  "needs.law": "Legal basis",
  "needs.other": "Other",
  "needs.save": "Save",
};
