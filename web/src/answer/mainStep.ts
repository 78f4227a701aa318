import type { Action } from "../api/types";

/** The steps that move an issue along its main road; what else is allowed is offered below, not shouted. */
const MAIN: Action[] = ["sign-in", "confirm-fix", "report-fix", "resubmit", "pass", "look-back"];

export const mainStep = (allowed: Action[]): Action | undefined => MAIN.find((action) => allowed.includes(action));
