// Decisions that are held back, as they are kept in localStorage: under the name of whoever took them.
import type { DecisionAction } from "../actions";
import { Failure } from "../api/failure";
import type { Problem } from "../api/types";
import type { DecisionFields } from "./decisions";
import type { QueueKind } from "./queues";

/** Why the service did not take it. */
type Refusal = { code: Failure["code"]; status: number } & Pick<Problem, "errors"> &
  Record<"title" | "detail", string | null>;

export interface Held {
  /** Its name, and the idempotency key. */
  id: string;
  /** Whose it is. */
  account: string;
  /** Those confirmed together are taken back together. */
  group: string;
  issueId: string;
  action: DecisionAction;
  /** The version on which it was decided. */
  version: number;
  body: Record<string, unknown>;
  /** What was filled in, for whoever takes it back. */
  fields: DecisionFields | null;
  place: string;
  queue: QueueKind;
  /** When it is to be sent, by this device's clock. */
  sendAt: number;
  /** The tab in which it was confirmed. */
  tab: string;
  /** Whether it may have reached the service; then it cannot be taken back any more. */
  isTried: boolean;
  /** Why the service refused it, if it did. */
  refusal: Refusal | null;
  /** How often the service answered that it could not take it, and why the last time. */
  tries: number;
  trouble: Refusal | null;
}

export function failureOfHeld({ refusal, trouble }: Held): Failure | null {
  const why = refusal ?? trouble;
  return why && new Failure(why.code, why.status, why as object);
}
export const refusalOf = ({ code, status, title, detail, fields }: Failure): Refusal => ({
  code,
  status,
  title,
  detail,
  errors: fields,
});

export const prefix = (account: string) => `held/${account}/`;
/** Whether localStorage takes anything; if not, decisions live as long as the page. */
let isStored = true;

/** Under whose it is: somebody else may have signed in since it was sent. */
const nameOf = ({ account, id }: Held): string => prefix(account) + id;
export function store(one: Held): void {
  try {
    localStorage.setItem(nameOf(one), JSON.stringify(one));
  } catch {
    isStored = false;
  }
}
export function unstore(one: Held): void {
  try {
    localStorage.removeItem(nameOf(one));
  } catch {
    isStored = false;
  }
}
/** How it is kept now: another tab may have sent it or taken it back. */
export function storedNow(one: Held): Held | null | undefined {
  if (!isStored) return undefined;
  try {
    return parse(localStorage.getItem(nameOf(one)));
  } catch {
    return undefined;
  }
}
export function parse(text: string | null): Held | null {
  if (text === null) return null;
  try {
    const one = JSON.parse(text) as Held;
    return typeof one.id === "string" && typeof one.issueId === "string" ? one : null;
  } catch {
    return null;
  }
}

/** All that is kept of this person. */
export const storedOf = (account: string): Held[] =>
  Object.keys(localStorage)
    .filter((name) => name.startsWith(prefix(account)))
    .flatMap((name) => parse(localStorage.getItem(name)) ?? []);
