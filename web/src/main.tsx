import { render } from "preact";
import { App } from "./App";
import { OPEN_DRAFT_KEY } from "./draft/useDraft";
import { wakeWithTheWorld } from "./outbox/drain";
import { goInstead } from "./router";
import { openChoices } from "./session/choices";
import { openSession } from "./session/session";
import { startServiceWorker } from "./session/update";
import { readMeta, writeMeta } from "./store/answers";
import "./styles/index.css";

// Younger than Chrome 69, and Preact relies on it.
window.queueMicrotask ??= (work) => void Promise.resolve().then(work);

const root = document.getElementById("app");
// In a browser that is too old, floor.js has taken it away.
if (root) {
  openChoices();
  wakeWithTheWorld();
  startServiceWorker();
  void reopenDraft().then(openSession);
  render(<App />, root);
}

/** Android kills the browser while its camera is open; whoever comes back finds the form as it was. */
async function reopenDraft(): Promise<void> {
  const address = await readMeta(OPEN_DRAFT_KEY).catch(() => null);
  if (typeof address !== "string") return;
  if (location.hash === "" || location.hash === "#/") goInstead(address);
  await writeMeta(OPEN_DRAFT_KEY, null);
}
