// One phone, several accounts: records stay with their own.
import type { Page } from "@playwright/test";
import { atHome, takePhotos, writeReport } from "./steps";
import { countKept, enterPassword, expect, signIn, test, workerReady } from "./service";
import type { Service } from "./service";

const reportsOf = async (service: Service, user: string) =>
  (await service.call<{ items: unknown[] }>(user, "GET", "/issues?limit=200")).items.length;

async function leave(page: Page): Promise<void> {
  await page.goto(`${page.url().split("#")[0] ?? ""}#/me`);
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByRole("alert").getByRole("button", { name: "退出登录" }).click();
  await expect(page.getByLabel("用户名")).toBeVisible();
}

async function come(page: Page, user: string): Promise<void> {
  await page.getByLabel("用户名").fill(user);
  await enterPassword(page);
}

test("drafts and queue of one are neither shown to the next on this phone nor sent as theirs", async ({
  page,
  context,
  service,
}) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await workerReady(page);
  await context.setOffline(true);
  await writeReport(page, [61]);
  await page.getByRole("link", { name: "拍照上报" }).click();
  await takePhotos(page, [62]);
  await page.getByLabel("问题描述").fill("灭火器过期");
  const form = page.url();
  await leave(page);

  await context.setOffline(false);
  await come(page, "inspector02");
  await page.goto(`${service.app}/#/outbox`);
  await expect(page.getByText("本机还有另一账号的 1 条未送达记录")).toBeVisible();
  await expect(page.getByRole("heading", { name: "草稿" })).toHaveCount(0);
  await expect(page.getByRole("heading", { name: "待上传" })).toHaveCount(1);
  // Not by the other account's address either.
  await page.goto(form);
  await expect(page).not.toHaveURL(/report/);
  await expect(page.getByText("灭火器过期")).toHaveCount(0);
  await expect(page.getByText("继续填写")).toHaveCount(0);
  await writeReport(page, [63]);
  await expect(page.getByText("全部送达")).toBeVisible();
  expect([
    await reportsOf(service, "inspector01"),
    await reportsOf(service, "inspector02"),
    await reportsOf(service, "office01"),
  ]).toEqual([0, 1, 1]);
  expect([await countKept(page, "outbox"), await countKept(page, "drafts")]).toEqual([2, 1]);

  await leave(page);
  await come(page, "inspector01");
  await page.goto(`${service.app}/#/outbox`);
  await expect(page.getByText("全部送达")).toBeVisible();
  await page.getByRole("link", { name: /1 张照片/ }).click();
  await expect(page.getByLabel("问题描述")).toHaveValue("灭火器过期");
  await expect(page.getByAltText("第 1 张照片")).toBeVisible();
  expect([
    await reportsOf(service, "inspector01"),
    await reportsOf(service, "inspector02"),
    await reportsOf(service, "office01"),
  ]).toEqual([1, 1, 2]);
});

test("when somebody else signs in in another tab, nothing of this one goes out in their name", async ({
  page,
  context,
  service,
}) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  // In both tabs: until they reload, the other tab's outbox is the same account's.
  await context.route("**/api/v1/issues/*", (route) => route.abort());
  await writeReport(page, [64]);
  await expect(page.getByText("试过 1 次")).toBeVisible();

  const other = await context.newPage();
  await other.goto(service.app);
  await atHome(other);
  await leave(other);
  await come(other, "inspector02");

  await context.unroute("**/api/v1/issues/*");
  await page.getByRole("button", { name: "现在全部上传" }).click();
  await expect(page.getByText("本机已登录另一账号。本页账号的 1 条记录还在本机")).toBeVisible();
  await expect(page.getByRole("heading", { name: "需处理" })).toHaveCount(0);
  expect([await reportsOf(service, "inspector02"), await reportsOf(service, "office01")]).toEqual([0, 0]);

  await page.getByRole("link", { name: "重新登录" }).click();
  await come(page, "inspector01");
  await page.getByRole("link", { name: /待上传/ }).click();
  await expect(page.getByText("全部送达")).toBeVisible();
  expect([await reportsOf(service, "inspector01"), await reportsOf(service, "inspector02")]).toEqual([1, 0]);
});
