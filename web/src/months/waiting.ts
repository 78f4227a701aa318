// How many months wait for the office. The overview uses this and loads nothing else of the months.
import { listMonths } from "../api/months";
import type { Month } from "../api/months";
import { serverNow } from "../time/moment";
import { me } from "./role";
import { nextStep } from "./step";
import type { StepKind } from "./step";

/** What is no step that this person could take. */
const IDLE: readonly StepKind[] = ["wait-cutoff", "wait-objections", "lock-other", "done"];

/** Months in which this person has a step to take. */
export async function monthsWaiting(): Promise<number> {
  // Of those that are not frozen yet, one is next.
  const isNext = (month: Month) => month.state !== "open" || month.allowed_actions.includes("freeze");
  const all = await listMonths();
  return all.filter((month) => isNext(month) && !IDLE.includes(nextStep(month, serverNow(), me()).kind)).length;
}
