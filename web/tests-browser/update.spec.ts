import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, signIn, test } from "./service";

/** The built worker; changed on the disk, because a browser fetches it past everything a test can intercept. */
const worker = resolve("dist/sw.js");
const built = readFileSync(worker, "utf8");

test.afterEach(() => writeFileSync(worker, built));

test("a new version waits until the person takes it", async ({ page, service }) => {
  await signIn(page, service, "inspector02");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await expect(page.getByRole("heading", { name: "任务" })).toBeVisible();
  writeFileSync(worker, `${built}\n// another edition`);
  await page.evaluate(() => navigator.serviceWorker.getRegistration().then((registration) => registration?.update()).then(() => undefined));
  const bar = page.getByText("有新版本，更新不会丢失已填的内容");
  await expect(bar).toBeVisible({ timeout: 15_000 });
  await page.getByRole("status").getByRole("button", { name: "更新" }).click();
  await expect(bar).toBeHidden({ timeout: 15_000 });
  await expect(page.getByRole("heading", { name: "任务" })).toBeVisible();
});
