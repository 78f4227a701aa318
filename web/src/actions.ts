// Where each action of the contract is offered in this app. Only types: the tables themselves are loaded with their
// pages.
import type { Action } from "./api/types";
import type { FORMS } from "./answer/forms";
import type { DECISIONS } from "./office/decisions";

/** Taken by a unit or an inspector: a row of `answer/forms.ts`. */
export type AnswerAction = keyof typeof FORMS;
/** Taken by the office: a row of `office/decisions.ts`. */
export type DecisionAction = keyof typeof DECISIONS;
/** Taken without a form here: reporting has a page of its own, the rest happens in the service by itself. */
type Formless = "report" | "submit" | "settle-place" | "lapse-sign-in" | "end-plan" | "archive";

/** Takes nothing but `never`: what is left over is an error of the compiler. */
export type None<T extends never> = T;
/** Does not compile while an action of the contract is in none of the three. The error names it. */
export type Forgotten = None<Exclude<Action, AnswerAction | DecisionAction | Formless>>;
/** Does not compile while one of them is no action of the contract any more. */
export type Outdated = None<Exclude<AnswerAction | DecisionAction | Formless, Action>>;
