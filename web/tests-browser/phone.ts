// A separate browser that can be killed as a phone kills one: immediately and completely.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import type { Page } from "@playwright/test";
import { BROWSER_ARGS, CHROMIUM } from "./chromium";
import { expect, watch } from "./service";

export const newProfile = (): string => mkdtempSync(join(tmpdir(), "anfang-phone-"));

export async function launchPhone(
  profile: string,
  app: string,
  breaches: string[],
): Promise<{ page: Page; kill: () => Promise<void> }> {
  const portFile = join(profile, "DevToolsActivePort");
  rmSync(portFile, { force: true });
  const child = spawn(
    CHROMIUM,
    [
      "--headless",
      ...BROWSER_ARGS,
      "--remote-debugging-port=0",
      "--lang=zh-CN",
      `--user-data-dir=${profile}`,
      "about:blank",
    ],
    { detached: true, stdio: "ignore" },
  );
  await expect
    .poll(() => existsSync(portFile) && readFileSync(portFile, "utf8").includes("\n"), { timeout: 20_000 })
    .toBe(true);
  const [port] = readFileSync(portFile, "utf8").split("\n");
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port ?? ""}`);
  const context = browser.contexts()[0] ?? (await browser.newContext());
  await watch(context, breaches);
  await context.grantPermissions(["geolocation"], { origin: app });
  await context.setGeolocation({ latitude: 31.2099, longitude: 107.4899, accuracy: 12 });
  const page = context.pages()[0] ?? (await context.newPage());
  await page.setViewportSize({ width: 360, height: 780 });
  const kill = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await gone;
    await browser.close().catch(() => undefined);
  };
  return { page, kill };
}
