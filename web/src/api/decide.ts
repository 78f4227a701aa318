// Actions of the office. They are sent at once, not queued.
import { uuid } from "../session/uuid";
import { act } from "./issues";
import { asFailure } from "./failure";
import type { Action, OfficeIssue } from "./types";

/** Idempotency keys of actions that got no answer: confirming again repeats the same action instead of adding one. */
const unanswered = new Map<string, string>();

export async function decide(id: string, action: Action, version: number, body: unknown): Promise<OfficeIssue> {
  const step = JSON.stringify([id, action, version, body]);
  const key = unanswered.get(step) ?? uuid();
  unanswered.set(step, key);
  try {
    const issue = await act(id, action, version, body, { key });
    unanswered.delete(step);
    return issue as OfficeIssue;
  } catch (cause) {
    const { status } = asFailure(cause);
    if (status >= 400 && status < 500) unanswered.delete(step);
    throw cause;
  }
}
