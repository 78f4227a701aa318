import { readFileSync } from "node:fs";
import { expect, signIn, test, workerReady } from "./service";

test("a new version waits until the person takes it", async ({ page, service }) => {
  await signIn(page, service, "inspector02");
  await workerReady(page);
  await page.reload();
  await expect(page.getByRole("heading", { name: "任务", level: 1 })).toBeVisible();
  service.proxy.replace("/sw.js", `${readFileSync("dist/sw.js", "utf8")}\n// another edition`);
  await page.evaluate(() =>
    navigator.serviceWorker
      .getRegistration()
      .then((registration) => registration?.update())
      .then(() => undefined),
  );
  const bar = page.getByText("有新版本，更新不会丢失已填的内容");
  await expect(bar).toBeVisible();
  await page.getByRole("status").getByRole("button", { name: "更新" }).click();
  await expect(bar).toBeHidden();
  await expect(page.getByRole("heading", { name: "任务", level: 1 })).toBeVisible();
});
