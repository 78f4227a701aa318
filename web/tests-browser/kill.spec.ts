import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import type { Page } from "@playwright/test";
import { jpeg } from "./jpeg";
import { expect, signIn, test } from "./service";

/** A browser of our own, so that it can be killed as a phone kills one: at once and whole. */
async function launch(profile: string): Promise<{ page: Page; kill: () => Promise<void> }> {
  const portFile = join(profile, "DevToolsActivePort");
  rmSync(portFile, { force: true });
  const child: ChildProcess = spawn(process.env.CHROMIUM ?? "/usr/bin/chromium", [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--remote-debugging-port=0", "--lang=zh-CN", `--user-data-dir=${profile}`, "about:blank",
  ], { detached: true, stdio: "ignore" });
  await expect.poll(() => existsSync(portFile) && readFileSync(portFile, "utf8").includes("\n"), { timeout: 20_000 }).toBe(true);
  const [port] = readFileSync(portFile, "utf8").split("\n");
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port ?? ""}`);
  const context = browser.contexts()[0] ?? (await browser.newContext());
  const page = context.pages()[0] ?? (await context.newPage());
  const kill = async () => {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    process.kill(-(child.pid ?? 0), "SIGKILL");
    await gone;
    await browser.close().catch(() => undefined);
  };
  return { page, kill };
}

/** The session's cookie ends with the browser; the records do not. */
async function signInAgain(page: Page, app: string): Promise<void> {
  await page.goto(`${app}/#/sign-in`);
  await expect(page.getByLabel("用户名")).toHaveValue("inspector03");
  await page.getByLabel("密码", { exact: true }).fill("Anfang-demo-2026");
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("navigation")).toBeVisible();
}

test("what was saved is delivered though the browser was killed right after, and while sending", async ({ service }) => {
  const profile = mkdtempSync(join(tmpdir(), "anfang-kill-"));
  const file = (seed: number) => ({ name: "photo.jpg", mimeType: "image/jpeg", buffer: Buffer.from(jpeg(seed, 2_000_000)) });
  const count = async () => (await service.call<{ items: unknown[] }>("office01", "GET", "/issues?limit=200")).items.length;
  const before = await count();

  const first = await launch(profile);
  await signIn(first.page, service, "inspector03");
  // This browser knows no position, so the places stand in the order of their numbers.
  await expect(first.page.getByRole("region", { name: "附近点位" }).getByRole("listitem").first()).toBeVisible();
  await first.page.context().setOffline(true);
  await first.page.getByRole("link", { name: "拍照上报" }).click();
  await first.page.locator(".take-main input").setInputFiles(file(801));
  await expect(first.page.getByAltText("第 1 张照片")).toBeVisible();
  await first.page.locator("#report-place .list-row").first().click();
  await first.page.locator("#report-item .choice").first().click();
  await first.page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(first.page.getByText("已保存在本机，会自动发送。")).toBeVisible();
  await first.kill();

  const second = await launch(profile);
  let isHeld = false;
  let taken = 0;
  // The report arrives, and the first pieces of its photo; another hangs: then the browser dies again.
  await second.page.route("**/api/v1/uploads/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.continue();
    if (taken < 2) {
      const answer = await route.fetch();
      taken += 1;
      return route.fulfill({ response: answer });
    }
    isHeld = true;
    await new Promise(() => undefined);
  });
  await signInAgain(second.page, service.app);
  await expect.poll(() => isHeld, { timeout: 20_000 }).toBe(true);
  await second.kill();
  expect(await count()).toBe(before + 1);

  const third = await launch(profile);
  const offsets: number[] = [];
  third.page.on("request", (request) => {
    if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"]));
  });
  await signInAgain(third.page, service.app);
  await third.page.getByRole("link", { name: /待上传/ }).click();
  await expect(third.page.getByText("全部送达")).toBeVisible({ timeout: 30_000 });
  // What had arrived was not sent again.
  expect(Math.min(...offsets)).toBeGreaterThanOrEqual(512 * 1024);
  await third.kill();
  expect(await count()).toBe(before + 1);
  rmSync(profile, { recursive: true, force: true });
});
