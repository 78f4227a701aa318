import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";
import { BROWSER_ARGS, CHROMIUM } from "./tests-browser/chromium";
import type { DatabaseKind } from "./tests-browser/database";

// Browsers inherit it, so that screenshots do not depend on the fonts of the machine.
process.env.FONTCONFIG_FILE = fileURLToPath(new URL("tests-browser/fonts.conf", import.meta.url));

/**
 * Against the real service and the built app, as `make browser-test` does: `ANFANG_BIN=…/anfang npm run test:browser`.
 */
export default defineConfig<object, { database: DatabaseKind }>({
  testDir: "tests-browser",
  // Generous, because the machine may be busy; a hanging test is found anyway.
  timeout: 180_000,
  expect: { timeout: 15_000 },
  retries: 0,
  // Half of the time tests wait: for what is held back, for networks that fail.
  workers: 2 * Math.max(2, availableParallelism()),
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  snapshotPathTemplate: "tests-browser/kept/{arg}{ext}",
  outputDir: "node_modules/.tests-browser",
  reporter: [["list"], ["./tests-browser/closing.ts"]],
  use: {
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    viewport: { width: 360, height: 780 },
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    geolocation: { latitude: 31.2099, longitude: 107.4899, accuracy: 12 },
    permissions: ["geolocation"],
    launchOptions: { executablePath: CHROMIUM, args: BROWSER_ARGS },
  },
  projects: [
    { name: "sqlite", use: { database: "sqlite" } },
    // Pages do not depend on the database; what the service stores does.
    ...(process.env.ANFANG_TEST_POSTGRES_URL
      ? [{ name: "postgres", grep: /@both/, use: { database: "postgres" as const } }]
      : []),
  ],
});
