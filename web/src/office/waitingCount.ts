// Counts what waits for the office, for the badge and the title: when somebody of the office logs in, decides or comes
// back, and when the service reports a change. Importing this file starts the counting.
import { effect, untracked } from "@preact/signals";
import { countIssues } from "../api/counts";
import { issueQuery } from "../api/query";
import { refreshes } from "../session/foreground";
import { session } from "../session/session";
import { waiting } from "../session/unread";
import { doneCount } from "./held";
import { QUEUES, REQUESTED } from "./queues";

const STATES = QUEUES.flatMap(({ state }) => state ?? []);
/** Counts the answers that are worth waiting for. */
let turn = 0;

async function count(): Promise<void> {
  turn += 1;
  const mine = turn;
  try {
    const asked = [issueQuery({ state: STATES.join(",") }), issueQuery({ pending: REQUESTED.join(",") })];
    const counts = await Promise.all(asked.map(countIssues));
    if (mine === turn) waiting.value = counts.reduce((sum, { total }) => sum + total, 0);
  } catch {
    // The number from before stays until the next change.
  }
}

effect(() => {
  void refreshes.value;
  void doneCount.value;
  if (session.value?.user.role === "office") untracked(() => void count());
  else {
    turn += 1;
    waiting.value = 0;
  }
});
