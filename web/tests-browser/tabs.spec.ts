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
  // The other tab hears of records it did not write.
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
  // Its photo is on the way for ever.
  let waitsForWifi = false;
  await page.route("**/api/v1/uploads**", () => {
    waitsForWifi = true;
  });
  await context.setOffline(false);
  await expect.poll(() => waitsForWifi).toBe(true);
  const other = await context.newPage();
  await other.goto(`${service.app}/#/outbox`);
  await expect(other.getByText("上传中")).toBeVisible();

  // Playwright keeps all pages awake, so the page is told what a browser tells it before it stops.
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
  // A browser as people have it: Playwright's own have no back-forward cache.
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
