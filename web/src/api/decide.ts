// The office's steps, taken at once rather than queued.
import { uuid } from "../session/uuid";
import { act } from "./issues";
import { asFailure } from "./failure";
import type { Action, OfficeIssue } from "./types";

/** Keys of steps that got no answer: who confirms the same again takes the same step, and not a second one. */
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
