import base from "../playwright.config";

/**
 * `ANFANG_BIN=…/release/anfang npm run measure`, on a machine that does nothing else. Never a test: nothing fails for
 * being slow.
 */
export default {
  ...base,
  testDir: ".",
  outputDir: "../node_modules/.bench",
  testMatch: "*.bench.ts",
  timeout: 600_000,
  workers: 1,
  reporter: [["line"]],
  projects: [{ name: "sqlite", use: { database: "sqlite" as const } }],
};
