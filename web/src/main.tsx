import { render } from "preact";
import { App } from "./App";
import { reopenDraft } from "./draft/openDraft";
import { wakeWithTheWorld } from "./outbox/drain";
import { openChoices } from "./session/choices";
import { openSession } from "./session/session";
import { startServiceWorker } from "./session/update";
import { isTold } from "./store/database";
import "./styles/index.css";

// Younger than Chrome 69, and Preact relies on it.
window.queueMicrotask ??= (work) => void Promise.resolve().then(work);

const root = document.getElementById("app");
// In a browser that is too old, floor.js has taken it away.
if (root) {
  // Whoever asked the storage and did not wait for it: it is told of already, and no fault of the page.
  addEventListener("unhandledrejection", (event) => {
    if (isTold(event.reason)) event.preventDefault();
  });
  openChoices();
  wakeWithTheWorld();
  startServiceWorker();
  void reopenDraft().then(openSession);
  render(<App />, root);
}
