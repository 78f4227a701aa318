// A refused record is changed by its author and arrives once.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { jpeg } from "./jpeg";
import { atHome, camera, photoFile, writeReport } from "./steps";
import { countKept, expect, signIn, test } from "./service";
import type { Service } from "./service";

/** Takes a place out of use or back into use, by a sheet of points. */
async function setActive(service: Service, code: string, active: boolean): Promise<void> {
  const [head = "", ...rows] = readFileSync(resolve("..", "src", "seed", "data", "points.csv"), "utf8")
    .trim()
    .split("\n");
  const sheet = `${head},active\n${rows.find((row) => row.startsWith(code)) ?? ""},${active ? 1 : 0}\n`;
  await service.call("admin", "POST", "/imports/points?check=false", new TextEncoder().encode(sheet), {
    "Content-Type": "text/csv",
  });
}
interface Filed {
  id: string;
  state: string;
  point: { name: string };
  photos: unknown[];
}
const filed = async (service: Service) =>
  (await service.call<{ items: Filed[] }>("office01", "GET", "/issues?limit=200")).items;

test("a report that was refused is changed and delivered, once", async ({ page, context, service }) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  await writeReport(page, [81, 82], 300_000);
  await setActive(service, "990001-EST-0001", false);
  await context.setOffline(false);
  await expect(page.getByRole("heading", { name: "需处理" })).toBeVisible();
  await page.getByRole("button", { name: "修改" }).click();
  await expect(page.getByText("点位已停用，请另选点位")).toBeVisible();
  expect([await countKept(page, "outbox"), await countKept(page, "drafts"), await countKept(page, "photos")]).toEqual([
    0, 1, 2,
  ]);
  // The draft is as it was saved, and still there after the page died.
  await page.reload();
  await expect(page.getByAltText("第 2 张照片")).toBeVisible();
  await page.getByRole("button", { name: /禾丰农贸市场/ }).click();
  await page.locator("#report-item .choice:has(input:enabled)").first().click();
  await expect(page.getByText("该测评项不适用于此类点位")).toHaveCount(0);
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("全部送达")).toBeVisible();
  expect((await filed(service)).map(({ state, point }) => [state, point.name])).toEqual([
    ["submitted", "禾丰农贸市场"],
  ]);
  expect(
    (await service.call<Filed>("office01", "GET", `/issues/${(await filed(service))[0]?.id ?? ""}`)).photos,
  ).toHaveLength(2);
  expect([await countKept(page, "outbox"), await countKept(page, "drafts"), await countKept(page, "photos")]).toEqual([
    1, 0, 2,
  ]);
});

test("a waiting report that was never sent is changed without a network", async ({ page, context, service }) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  await writeReport(page, [83]);
  await page.getByRole("button", { name: "修改" }).click();
  await page.getByLabel("问题描述").fill("消防通道堵塞");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByRole("main").getByText("1 条未送达")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("全部送达")).toBeVisible();
  const items = (await service.call<{ items: { description: string }[] }>("office01", "GET", "/issues?limit=200"))
    .items;
  expect(items.map(({ description }) => description)).toEqual(["消防通道堵塞"]);
});

/** A report with a photo that is cut in the middle: it starts as a JPEG, so the phone cannot notice. */
async function writeWithBrokenPhoto(page: Page): Promise<void> {
  await page.getByRole("link", { name: "拍照上报" }).click();
  const whole = Buffer.from(jpeg(91));
  await camera(page).setInputFiles({ ...photoFile(91), buffer: whole.subarray(0, Math.floor(whole.length / 2)) });
  await expect(page.getByRole("button", { name: "移除第 1 张照片" })).toBeVisible();
  await camera(page).setInputFiles(photoFile(92));
  await expect(page.getByAltText("第 2 张照片")).toBeVisible();
  await page.locator("#report-item .choice:has(input:enabled)").first().click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByRole("heading", { name: "需处理" })).toBeVisible({ timeout: 60_000 });
}
const stepsOf = async (service: Service, id: string) =>
  (await service.call<{ items: { action: string }[] }>("office01", "GET", `/issues/${id}/events`)).items.map(
    ({ action }) => action,
  );

test("a report refused for a broken photo is changed without a network: the old one is withdrawn", {
  tag: "@both",
}, async ({ page, context, service }) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await writeWithBrokenPhoto(page);
  const [old] = await filed(service);
  expect(old?.state).toBe("receiving");
  await context.setOffline(true);
  await page.getByRole("button", { name: "修改" }).click();
  await page.getByRole("button", { name: "移除第 1 张照片" }).click();
  await expect(page.getByRole("button", { name: "移除第 2 张照片" })).toHaveCount(0);
  await camera(page).setInputFiles(photoFile(93));
  await expect(page.getByAltText("第 2 张照片")).toBeVisible();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByRole("main").getByText("2 条未送达")).toBeVisible();
  await expect(page.getByText("服务器还没收齐照片的原上报，会自动撤回作废。")).toBeVisible();
  // Both are there after the page died.
  expect([await countKept(page, "outbox"), await countKept(page, "drafts"), await countKept(page, "photos")]).toEqual([
    2, 0, 2,
  ]);
  await context.setOffline(false);
  await expect(page.getByText("全部送达")).toBeVisible();
  await expect(page.getByText("原上报已撤回作废。")).toBeVisible();
  await expect(page.getByRole("heading", { name: "需处理" })).toHaveCount(0);
  const now = await filed(service);
  expect(now.map(({ state }) => state).sort()).toEqual(["submitted", "void"]);
  expect(now.find(({ state }) => state === "void")?.id).toBe(old?.id);
  expect(await stepsOf(service, old?.id ?? "")).toEqual(["report", "withdraw"]);
  const next = now.find(({ state }) => state === "submitted")?.id ?? "";
  expect((await service.call<Filed>("office01", "GET", `/issues/${next}`)).photos).toHaveLength(2);
  // Sent again by a reload, nothing comes twice.
  await page.reload();
  await expect(page.getByText("全部送达")).toBeVisible();
  expect(await filed(service)).toHaveLength(2);
  expect(await stepsOf(service, old?.id ?? "")).toEqual(["report", "withdraw"]);
});

test("a report refused for a broken photo and deleted without a network is withdrawn", async ({
  page,
  context,
  service,
}) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await writeWithBrokenPhoto(page);
  await context.setOffline(true);
  await page.getByRole("button", { name: "删除", exact: true }).click();
  await expect(page.getByText("服务器已收到的部分会撤回作废")).toBeVisible();
  await page.getByRole("alert").getByRole("button", { name: "删除" }).click();
  await expect(page.getByRole("main").getByText("1 条未送达")).toBeVisible();
  expect(await countKept(page, "photos")).toBe(0);
  await context.setOffline(false);
  await expect(page.getByText("原上报已撤回作废。")).toBeVisible();
  expect((await filed(service)).map(({ state }) => state)).toEqual(["void"]);
});

test("all that was refused is tried again at once", async ({ page, context, service }) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  for (const seed of [84, 85]) await writeReport(page, [seed]);
  await setActive(service, "990001-EST-0001", false);
  await context.setOffline(false);
  await expect(page.getByText("2 条需要您处理")).toBeVisible();
  await setActive(service, "990001-EST-0001", true);
  await page.getByRole("button", { name: "全部重试" }).click();
  await expect(page.getByText("全部送达")).toBeVisible();
  expect(await filed(service)).toHaveLength(2);
});

test("a fix that was refused for a broken photo is changed and delivered, once", async ({ page, service }) => {
  const id = await service.seed("assigned");
  await service.act("unit01", id, "sign-in", {});
  await signIn(page, service, "unit01");
  await page.goto(`${service.app}/#/issue/${id}/report-fix`);
  // Half of a photo: it starts as a JPEG, so the phone cannot notice.
  const whole = Buffer.from(jpeg(86));
  await camera(page).setInputFiles({ ...photoFile(86), buffer: whole.subarray(0, Math.floor(whole.length / 2)) });
  await expect(page.getByRole("button", { name: "移除第 1 张照片" })).toBeVisible();
  await camera(page).setInputFiles(photoFile(87));
  await expect(page.getByAltText("第 2 张照片")).toBeVisible();
  await page.getByRole("radio", { name: "立行立改" }).check({ force: true });
  await page.getByLabel("整改措施").fill("已清理楼道");
  await page.getByRole("button", { name: "确认提交整改" }).click();
  // While it is being sent it can be changed as well, or not any more: here it is to be refused first.
  await expect(page.getByText("需处理")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("button", { name: "修改" }).click();
  await expect(page.getByLabel("整改措施")).toHaveValue("已清理楼道");
  await page.getByRole("button", { name: "移除第 1 张照片" }).click();
  // What the next photo is asked to show follows from those that are left.
  await expect(page.getByText("1 / 9")).toBeVisible();
  await camera(page).setInputFiles(photoFile(88));
  await expect(page.getByAltText("第 2 张照片")).toBeVisible();
  await page.getByRole("button", { name: "确认提交整改" }).click();
  await expect(page.getByText("“提交整改”已送达。")).toBeVisible();
  const { items } = await service.call<{ items: { action: string }[] }>("office01", "GET", `/issues/${id}/events`);
  expect(items.filter(({ action }) => action === "report-fix")).toHaveLength(1);
});
