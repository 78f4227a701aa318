import { render } from "preact";
import { App } from "./App";
import { reopenDraft } from "./draft/reopenDraft";
import { startSendTriggers } from "./outbox/drain";
import { loadPreferences } from "./session/preferences";
import { openSession } from "./session/session";
import { startServiceWorker } from "./session/update";
import { isReported } from "./store/database";
import "./styles/index.css";

// Newer than Chrome 69, and needed by Preact.
window.queueMicrotask ??= (work) => void Promise.resolve().then(work);

const root = document.getElementById("app");
// In a browser that is too old, floor.js has removed it.
if (root) {
  // A storage failure that nobody awaited: it is already shown on the page.
  addEventListener("unhandledrejection", (event) => {
    if (isReported(event.reason)) event.preventDefault();
  });
  loadPreferences();
  startSendTriggers();
  startServiceWorker();
  void reopenDraft().then(openSession);
  render(<App />, root);
}
