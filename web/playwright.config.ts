import { defineConfig } from "@playwright/test";

/** Against the real service: `ANFANG_BIN=…/anfang npm run test:browser`, after `npm run build`. */
export default defineConfig({
  testDir: "tests-browser",
  timeout: 60_000,
  fullyParallel: false,
  workers: 1,
  reporter: [["list"]],
  use: {
    viewport: { width: 360, height: 780 },
    locale: "zh-CN",
    geolocation: { latitude: 31.2099, longitude: 107.4899, accuracy: 12 },
    permissions: ["geolocation"],
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
  },
});
