import { rmSync } from "node:fs";
import { launchPhone, newProfile } from "./phone";
import { atHome, writeReport } from "./steps";
import { expect, signIn, test } from "./service";

const PHOTO_BYTES = 300_000;

test("two tabs send once between them, and both show it", async ({ page, context, service }) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  const other = await context.newPage();
  await other.goto(`${service.app}/#/outbox`);
  await expect(other.getByRole("heading", { name: "待上传" })).toBeVisible();
  await context.setOffline(true);
  for (const seed of [11, 12, 13]) await writeReport(page, [seed], PHOTO_BYTES);
  // The other tab shows records that it did not write.
  await expect(other.getByRole("main").getByText("3 条未送达")).toBeVisible();

  const before = service.proxy.counts.bodyBytes;
  await context.setOffline(false);
  for (const tab of [page, other]) {
    await expect(tab.getByText("全部送达")).toBeVisible();
    await expect(tab.getByRole("link", { name: "待上传" })).not.toContainText(/\d/);
  }
  const sent = service.proxy.counts.bodyBytes - before;
  expect(sent).toBeGreaterThan(3 * PHOTO_BYTES);
  expect(sent).toBeLessThan(4 * PHOTO_BYTES);
  expect((await service.call<{ items: unknown[] }>("office01", "GET", "/issues?limit=200")).items).toHaveLength(3);
});

test("a page that is put to sleep while it sends gives its turn to another", async ({ page, context, service }) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  await writeReport(page, [14], PHOTO_BYTES);
  // Its photo never finishes.
  let waitsForWifi = false;
  await page.route("**/api/v1/uploads**", () => {
    waitsForWifi = true;
  });
  await context.setOffline(false);
  await expect.poll(() => waitsForWifi).toBe(true);
  const other = await context.newPage();
  await other.goto(`${service.app}/#/outbox`);
  await expect(other.getByText("上传中")).toBeVisible();

  // Playwright keeps pages awake, so the events of a frozen page are simulated.
  await page.evaluate(() => document.dispatchEvent(new Event("freeze")));
  await expect(other.getByText("全部送达")).toBeVisible();
  await page.evaluate(() => document.dispatchEvent(new Event("resume")));
  await expect(page.getByText("全部送达")).toBeVisible();
  expect((await service.call<{ items: unknown[] }>("office01", "GET", "/issues?limit=200")).items).toHaveLength(1);
});

test("a page that is left while it sends does not block others, and knows what was sent when it is back", async ({
  service,
  breaches,
}) => {
  const profile = newProfile();
  // A browser with the back/forward cache, which Playwright disables by default.
  const { page, kill } = await launchPhone(profile, service.app, breaches);
  try {
    const context = page.context();
    await signIn(page, service, "inspector01");
    await expect(page.getByRole("region", { name: "附近点位" }).getByRole("listitem").first()).toBeVisible();
    await context.setOffline(true);
    await writeReport(page, [15], PHOTO_BYTES);
    let waitsForWifi = false;
    await page.route("**/api/v1/uploads**", () => {
      waitsForWifi = true;
    });
    await context.setOffline(false);
    await expect.poll(() => waitsForWifi).toBe(true);
    await page.goto(`${service.app}/icon.svg`);
    const other = await context.newPage();
    await other.goto(`${service.app}/#/outbox`);
    await expect(other.getByText("全部送达")).toBeVisible();
    await page.goBack();
    await expect(page.getByText("全部送达")).toBeVisible();
    expect((await service.call<{ items: unknown[] }>("office01", "GET", "/issues?limit=200")).items).toHaveLength(1);
  } finally {
    await kill();
    rmSync(profile, { recursive: true, force: true });
  }
});
