// What each state of an issue means to this app: a state that is new in the contract does not compile until it has its
// row here. Source: docs/generated/lifecycle.md.
import type { State } from "./api/types";
import { keysOf } from "./keysOf";
import type { IconName } from "./ui/Icon";

/**
 * Where in its life an issue is: not yet released to a unit, owed by its unit, released but waiting for somebody else,
 * closed, or void.
 */
export type Phase = "unreleased" | "owed" | "waiting" | "closed" | "void";
type StateRow = [phase: Phase, tone: string, icon: IconName];

const STATES: Record<State, StateRow> = {
  receiving: ["unreleased", "", "up"],
  submitted: ["unreleased", "tone-info", "clock"],
  returned: ["unreleased", "tone-warn", "alert"],
  sealed: ["unreleased", "tone-info", "shield"],
  assigned: ["owed", "tone-info", "todo"],
  rectifying: ["owed", "tone-warn", "clock"],
  redispatch: ["waiting", "", "clock"],
  reported: ["waiting", "tone-violet", "search"],
  rework: ["owed", "tone-warn", "alert"],
  hung: ["waiting", "", "flag"],
  closed: ["closed", "tone-success", "tick"],
  archived: ["closed", "tone-success", "tick"],
  void: ["void", "", "close"],
};

/** The row of a state; one that only a newer service knows still has something to be done about it. */
export const rowOf = (state: State): StateRow =>
  (STATES as Partial<Record<State, StateRow>>)[state] ?? ["waiting", "", "dot"];

export const phaseOf = (state: State): Phase => rowOf(state)[0];
const OPEN: Phase[] = ["unreleased", "owed", "waiting"];
/** Whether something is still to be done. */
export const isOpen = (state: State): boolean => OPEN.includes(phaseOf(state));
export const statesIn = (...phases: Phase[]): State[] =>
  keysOf(STATES).filter((state) => phases.includes(phaseOf(state)));
export const openStates = (): State[] => keysOf(STATES).filter(isOpen);
