// Decisions in the queue are held back for five seconds: nothing is lost and nothing is doubled.
import type { Page } from "@playwright/test";
import { heldBack } from "./steps";
import { expect, PASSWORD, signIn, test } from "./service";
import type { Service } from "./service";

test.use({ viewport: { width: 1440, height: 900 } });

const stateOf = async (service: Service, id: string) =>
  (await service.call<{ state: string }>("office01", "GET", `/issues/${id}`)).state;
/** How often the step was taken. */
const timesTaken = async (service: Service, id: string, action: string) =>
  (await service.call<{ items: { action: string }[] }>("office01", "GET", `/issues/${id}/events`)).items.filter(
    (event) => event.action === action,
  ).length;
const bar = (page: Page) => page.locator(".held");
const openId = (page: Page) => new URL(page.url().replace("#/", "")).searchParams.get("id") ?? "";

async function openQueue(page: Page, service: Service, kind: string): Promise<void> {
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=${kind}`);
  await expect(page.locator(".case-decision [type=submit]")).toBeEnabled();
}

test("what is taken back never happens, and is in the form again with what was filled in", async ({
  page,
  service,
}) => {
  const ids = [await service.seed("submitted"), await service.seed("submitted")];
  await openQueue(page, service, "review");
  const [first, second] = [openId(page), ids.find((id) => id !== openId(page)) ?? ""];
  await page.keyboard.press("2");
  await expect(page.locator(".decision textarea")).toBeFocused();
  await page.keyboard.type("近景看不清");
  await page.keyboard.press("Control+Enter");
  await expect(bar(page)).toContainText("退回补正，即将生效");
  await expect(page).toHaveURL(new RegExp(second));
  await expect(page.getByRole("link", { name: "待审核 1" })).toBeVisible();
  // A second one, and both are taken back, the last one first.
  await expect(page.locator(".case-decision [type=submit]")).toBeEnabled();
  await page.keyboard.press("Enter");
  await expect(bar(page)).toContainText("共 2 件");
  await page.keyboard.press("z");
  await expect(page).toHaveURL(new RegExp(second));
  await page.keyboard.press("z");
  await expect(page).toHaveURL(new RegExp(first));
  await expect(page.locator(".decision textarea")).toHaveValue("近景看不清");
  await expect.poll(() => heldBack(page)).toBe(0);
  for (const id of ids) expect(await timesTaken(service, id, "send-back")).toBe(0);
  // Confirmed again, it is taken once.
  await page.getByRole("button", { name: "确认退回补正" }).click();
  await expect.poll(() => stateOf(service, first)).toBe("returned");
  expect(await stateOf(service, second)).toBe("submitted");
  expect(await timesTaken(service, first, "send-back")).toBe(1);
});

test("closing the page sends what is held back, once", async ({ page, service, context }) => {
  const id = await service.seed("submitted");
  await openQueue(page, service, "review");
  await page.keyboard.press("Enter");
  await expect(bar(page)).toContainText("即将生效");
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => stateOf(service, id)).toBe("sealed");
  // The next page sends it again under its key, and nothing is left.
  const next = await context.newPage();
  await next.goto(`${service.app}/#/overview`);
  await expect(next.getByRole("navigation", { name: "主导航" })).toBeVisible();
  await expect.poll(() => heldBack(next), { timeout: 30_000 }).toBe(0);
  expect(await timesTaken(service, id, "approve")).toBe(1);
});

test("a reload without a network keeps it, and another page of the app changes nothing", async ({
  page,
  service,
  context,
}) => {
  const id = await service.seed("submitted");
  await openQueue(page, service, "review");
  await context.setOffline(true);
  await page.keyboard.press("Enter");
  await expect(bar(page)).toContainText("即将生效");
  await page.getByRole("link", { name: "台账" }).click();
  await expect(bar(page)).toContainText("还没有送到");
  expect(await heldBack(page)).toBe(1);
  await context.setOffline(false);
  await page.reload();
  await expect.poll(() => stateOf(service, id)).toBe("sealed");
  await expect.poll(() => heldBack(page), { timeout: 30_000 }).toBe(0);
  expect(await timesTaken(service, id, "approve")).toBe(1);
});

test("signing out sends it first", async ({ page, service }) => {
  const id = await service.seed("submitted");
  await openQueue(page, service, "review");
  await page.keyboard.press("Enter");
  await expect(bar(page)).toContainText("即将生效");
  await page.getByRole("link", { name: "我的" }).click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await expect(page.getByRole("alert")).toContainText("确定吗");
  await page.getByRole("button", { name: "退出登录" }).click();
  await expect(page.getByLabel("用户名")).toBeVisible();
  expect(await stateOf(service, id)).toBe("sealed");
  expect(await heldBack(page)).toBe(0);
});

test("a conflict says what changed and keeps what was typed, also through an ended session", async ({
  page,
  service,
}) => {
  const id = await service.seed("reported");
  await openQueue(page, service, "check");
  await page.getByRole("button", { name: "核查不通过，返工整改" }).click();
  await page.getByLabel("理由").fill("角落没有清理");
  const [inspector] = (await service.call<{ items: { id: string }[] }>("office01", "GET", "/inspectors")).items;
  await service.act("office02", id, "assign-check", { inspector_id: inspector?.id });
  await page.getByRole("button", { name: "确认核查不通过，返工整改" }).click();
  await expect(bar(page)).toContainText("没有办成。内容已被他人更新", { timeout: 20_000 });
  // The session ends before anybody has looked.
  await page.context().clearCookies();
  await page.reload();
  await page.getByRole("link", { name: "重新登录" }).click();
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("navigation", { name: "主导航" })).toBeVisible();
  await expect(bar(page)).toContainText("没有办成");
  await page.getByRole("button", { name: "查看并重新办理" }).click();
  await expect(page.getByLabel("理由")).toHaveValue("角落没有清理");
  await expect(page.getByRole("region", { name: "在您查看之后：" }).getByText("指派核查")).toBeVisible();
  await page.getByRole("button", { name: "确认核查不通过，返工整改" }).click();
  await expect.poll(() => stateOf(service, id)).toBe("rework");
  expect(await timesTaken(service, id, "fail")).toBe(1);
});

test("an ended session holds a decision until its person is back", async ({ page, service }) => {
  const id = await service.seed("submitted");
  await openQueue(page, service, "review");
  await page.context().clearCookies();
  await page.keyboard.press("Enter");
  await expect(bar(page)).toContainText("重新登录后自动送出", { timeout: 20_000 });
  expect(await stateOf(service, id)).toBe("submitted");
  await page.getByRole("link", { name: "重新登录" }).click();
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await expect.poll(() => stateOf(service, id)).toBe("sealed");
  expect(await timesTaken(service, id, "approve")).toBe(1);
});

test("what is half filled in is there after a reload, in another page and in a second tab", async ({
  page,
  service,
  context,
}) => {
  const id = await service.seed("submitted");
  await openQueue(page, service, "review");
  await page.keyboard.press("2");
  await page.locator(".decision textarea").fill("请补一张远景");
  await page.reload();
  await expect(page.locator(".decision textarea")).toHaveValue("请补一张远景");
  const second = await context.newPage();
  await second.goto(`${service.app}/#/issue/${id}`);
  await expect(second.locator(".decision textarea")).toHaveValue("请补一张远景");
  await second.close();
});

test("a row that was clicked leaves the keys to its case", async ({ page, service }) => {
  await service.seed("submitted");
  await service.seed("submitted");
  await openQueue(page, service, "review");
  const first = openId(page);
  await page.locator(".desk-list .list-row:not([aria-current])").click();
  await expect.poll(() => openId(page)).not.toBe(first);
  await expect(page.locator(".case h2").first()).toBeFocused();
  await expect(page.locator(".case-decision [type=submit]")).toBeEnabled();
  await page.keyboard.press("Enter");
  await expect(bar(page)).toContainText("审核通过，即将生效");
  await expect.poll(() => openId(page)).toBe(first);
});

test("what is not delivered is shown on every page, and said before signing out", async ({
  page,
  service,
  context,
}) => {
  const id = await service.seed("submitted");
  await signIn(page, service, "office01");
  // The page is there before the network goes.
  await page.getByRole("link", { name: "我的" }).click();
  await expect(page.getByRole("button", { name: "退出登录" })).toBeVisible();
  await page.goto(`${service.app}/#/queue?kind=review`);
  await expect(page.locator(".case-decision [type=submit]")).toBeEnabled();
  await context.setOffline(true);
  await page.keyboard.press("Enter");
  await expect(bar(page)).toContainText("即将生效");
  await page.getByRole("link", { name: "我的" }).click();
  await expect(bar(page)).toContainText("即将生效");
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByRole("button", { name: "退出登录" }).click();
  const question = page.locator("main [role=alert]");
  await expect(question).toContainText("还有 1 件办理没有送到");
  await expect(question.getByRole("button")).toHaveText(["再等一等", "仍要退出", "取消"]);
  await context.setOffline(false);
  await expect.poll(() => stateOf(service, id)).toBe("sealed");
  // It goes by itself, as soon as the service is in reach: the usual question is left.
  await expect(question).toContainText("确定吗");
  await question.getByRole("button", { name: "退出登录" }).click();
  await expect(page.getByLabel("用户名")).toBeVisible();
});
