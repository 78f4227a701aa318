import type { Locator, Page } from "@playwright/test";
import { bringAxe, violations } from "./accessibility";
import { fitsWidth, settled } from "./steps";
import { expect, signIn, test } from "./service";
import type { Service } from "./service";

const tab = (page: Page, name: string): Locator =>
  page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: new RegExp(`^${name}`) });
const rows = (page: Page): Locator => page.locator(".notice-row");

/** The service delivers notices in the background. */
const unreadOf = (service: Service, user: string): Promise<number> =>
  service.call<{ unread: number }>(user, "GET", "/notices/count").then((count) => count.unread);

test("a unit is told of what was handed to it, and what it has read is read elsewhere too", { tag: "@both" }, async ({
  page,
  open,
  service,
}) => {
  const id = await service.seed("assigned");
  await expect.poll(() => unreadOf(service, "unit01")).toBe(1);
  await signIn(page, service, "unit01");
  await expect(tab(page, "消息")).toHaveAccessibleName("消息 1 条未读");
  const other = await open();
  await signIn(other, service, "unit01");
  await expect(tab(other, "消息")).toHaveAccessibleName("消息 1 条未读");

  await tab(page, "消息").click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).toHaveAccessibleName(/^未读 新交办/);
  await expect(rows(page)).toContainText("禾苑小区");
  await expect(rows(page)).toContainText("待签收");
  await expect(tab(page, "消息")).toHaveAccessibleName("消息");
  await expect.poll(() => unreadOf(service, "unit01")).toBe(0);
  // The dot stays for this visit.
  await expect(rows(page)).toHaveClass(/notice-new/);
  const counted = other.waitForResponse("**/notices/count");
  await other.reload();
  await counted;
  await expect(tab(other, "消息")).toHaveAccessibleName("消息");

  await rows(page).click();
  await expect(page).toHaveURL(new RegExp(`#/issue/${id}$`));
  // The address changes before the page does.
  await expect(page.getByRole("heading", { name: "问题", exact: true })).toBeVisible();
  await page.goBack();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page)).not.toHaveClass(/notice-new/);
  // Offline the last list is shown.
  await page.context().setOffline(true);
  await tab(page, "全部").click();
  await tab(page, "消息").click();
  await expect(page.getByText(/^没有连上，显示的是/)).toBeVisible();
  await expect(rows(page)).toHaveCount(1);
});

test("what comes while the list is looked at is shown, and what is hidden stays unread", async ({ page, service }) => {
  await service.seed("submitted");
  await expect.poll(() => unreadOf(service, "office01")).toBe(1);
  await signIn(page, service, "office01");
  await expect(tab(page, "消息")).toHaveAccessibleName("消息 1 条未读");
  await page.clock.install();
  // As a page behind another window says.
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await tab(page, "消息").click();
  await expect(rows(page)).toHaveCount(1);
  await page.clock.runFor(10_000);
  expect(await unreadOf(service, "office01")).toBe(1);
  await page.evaluate(() => {
    Reflect.deleteProperty(document, "visibilityState");
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.clock.runFor(1_000);
  await expect.poll(() => unreadOf(service, "office01")).toBe(0);
  await service.seed("submitted");
  // It is shown as soon as it is known here, and then it is read: at the latest with the next count.
  await expect(async () => {
    await page.clock.runFor(61_000);
    await expect(rows(page)).toHaveCount(2, { timeout: 1_000 });
  }).toPass();
  await expect(rows(page).first()).toContainText("待审核");
});

test("a kind that is switched off is neither shown nor counted, and a switch that fails goes back", {
  tag: "@both",
}, async ({ page, service }) => {
  await service.seed("assigned");
  await expect.poll(() => unreadOf(service, "unit01")).toBe(1);
  await signIn(page, service, "unit01");
  await page.goto(`${service.app}/#/notices`);
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("button", { name: "设置" }).click();
  const kind = page.getByRole("checkbox", { name: "新交办" });
  await expect(kind).toBeChecked();
  await kind.uncheck();
  await expect(page.getByText(/^没有消息。/)).toBeVisible();
  expect(await service.call("unit01", "GET", "/notices/kinds")).toMatchObject({ "handed-over": false });
  await page.context().setOffline(true);
  await kind.click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(kind).not.toBeChecked();
  await page.context().setOffline(false);
  await kind.check();
  await expect(rows(page)).toHaveCount(1);
});

test("whoever has no notices is never asked for them", async ({ page, service }) => {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().includes("/notices")) asked.push(request.url());
  });
  for (const user of ["leader01", "discipline01", "admin"]) {
    await signIn(page, service, user);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.goto(`${service.app}/#/notices`);
    await expect(page.getByText("没有这个页面")).toBeVisible();
    await page.goto(`${service.app}/#/me`);
    await page.getByRole("button", { name: "退出登录" }).click();
    await page.getByRole("button", { name: "退出登录" }).click();
    await expect(page.getByLabel("用户名")).toBeVisible();
  }
  expect(asked).toEqual([]);
});

test("an inspector finds them under 我的, with the badge there", async ({ page, service }) => {
  const id = await service.seed("reported");
  const { items } = await service.call<{ items: { id: string; display_name: string }[] }>(
    "office01",
    "GET",
    "/inspectors",
  );
  const inspector = items.find((person) => person.display_name.endsWith("01"))?.id;
  await service.act("office01", id, "assign-check", { inspector_id: inspector });
  await expect.poll(() => unreadOf(service, "inspector01")).toBe(1);
  await bringAxe(page.context());
  await signIn(page, service, "inspector01");
  await expect(tab(page, "我的")).toHaveAccessibleName("我的 1 条未读");
  await tab(page, "我的").click();
  await page.getByRole("link", { name: /^消息/ }).click();
  await expect(rows(page)).toHaveAccessibleName(/^未读 待核查/);
  await settled(page);
  expect(await violations(page)).toEqual([]);
  expect(await fitsWidth(page)).toBe(true);
  await page.getByRole("button", { name: "返回" }).click();
  await expect(tab(page, "我的")).toHaveAccessibleName("我的");
});
