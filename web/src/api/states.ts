// Which states have something left to do. Source: docs/generated/lifecycle.md.
import type { State } from "./types";

/** Neither closed nor void: something is still to be done. */
export const OPEN_STATES: State[] = [
  "receiving",
  "submitted",
  "returned",
  "sealed",
  "assigned",
  "rectifying",
  "redispatch",
  "reported",
  "rework",
  "hung",
];
/** Nothing is left to do. */
export const ENDED_STATES: State[] = ["closed", "archived", "void"];
