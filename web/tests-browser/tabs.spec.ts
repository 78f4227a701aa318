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
