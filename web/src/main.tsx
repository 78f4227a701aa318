import { render } from "preact";
import { App } from "./App";
import { reopenDraft } from "./draft/reopenDraft";
import { startSendTriggers } from "./outbox/drain";
import { loadPreferences } from "./session/preferences";
import { openSession } from "./session/session";
import { startServiceWorker } from "./session/update";
import { isReported } from "./store/database";
import "./styles/index.css";

// Younger than Chrome 69, and Preact relies on it.
window.queueMicrotask ??= (work) => void Promise.resolve().then(work);

const root = document.getElementById("app");
// In a browser that is too old, floor.js has taken it away.
if (root) {
  // Whoever asked the storage and did not wait for it: it is told of already, and no fault of the page.
  addEventListener("unhandledrejection", (event) => {
    if (isReported(event.reason)) event.preventDefault();
  });
  loadPreferences();
  startSendTriggers();
  startServiceWorker();
  void reopenDraft().then(openSession);
  render(<App />, root);
}
