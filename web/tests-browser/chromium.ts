/** `CHROMIUM=…` names another browser. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

export const BROWSER_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
