// What was typed is restored, whatever happens to the page.
import { rmSync } from "node:fs";
import { launchPhone, newProfile } from "./phone";
import { expect, signIn, test } from "./service";
import { atHome } from "./steps";

test("what was typed is there after a reload, however soon after the last key", async ({ page, service }) => {
  await signIn(page, service, "inspector03");
  await atHome(page);
  await page.getByRole("link", { name: "拍照上报" }).click();
  const text = page.getByLabel("问题描述");
  for (const pause of [0, 100, 250]) {
    await text.fill("");
    await text.pressSequentially(`停顿${pause}毫秒`, { delay: 20 });
    await page.waitForTimeout(pause);
    await page.reload();
    await expect(text).toHaveValue(`停顿${pause}毫秒`);
  }
  // Once it is written as a draft, the copy that was made in haste is dropped.
  const mirrored = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith("draft/")));
  await expect.poll(mirrored).toEqual([]);
});

test("who types without a pause loses at most the last second when the browser is killed", async ({
  service,
  breaches,
}) => {
  const profile = newProfile();
  const first = await launchPhone(profile, service.app, breaches);
  await signIn(first.page, service, "inspector03");
  await expect(first.page.getByRole("region", { name: "附近点位" }).getByRole("listitem").first()).toBeVisible();
  await first.page.getByRole("link", { name: "拍照上报" }).click();
  await first.page.getByLabel("问题描述").pressSequentially("一二三四五六七八九十".repeat(6), { delay: 80 });
  await first.kill();
  const second = await launchPhone(profile, service.app, breaches);
  // The form that was open opens again.
  await second.page.goto(service.app);
  const kept = await second.page.getByLabel("问题描述").inputValue();
  // 80 ms a key: a second and what the machine is slow.
  expect(kept.length).toBeGreaterThan(60 - 25);
  await second.kill();
  rmSync(profile, { recursive: true, force: true });
});

test("two windows on one draft add to each other", async ({ context, page, service }) => {
  await signIn(page, service, "inspector03");
  await atHome(page);
  await page.getByRole("link", { name: "拍照上报" }).click();
  const words = (of: typeof page) => of.getByLabel("问题描述");
  await words(page).fill("占道");
  await page.waitForTimeout(700);
  const other = await context.newPage();
  await other.goto(page.url());
  await expect(words(other)).toHaveValue("占道");
  await words(page).fill("占道堆物");
  await other.locator(".choice").filter({ hasText: "严重" }).last().click();
  await expect(words(other)).toHaveValue("占道堆物");
  await expect(page.getByRole("radio", { name: "严重", exact: true })).toBeChecked();
  await page.waitForTimeout(700);
  await page.reload();
  await expect(words(page)).toHaveValue("占道堆物");
  await expect(page.getByRole("radio", { name: "严重", exact: true })).toBeChecked();
});
