import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { atHome, camera, takePhotos, writeReport } from "./steps";
import { expect, signIn, test } from "./service";

const MB = 1024 * 1024;

/** The browser reports this much free space; nothing else changes. */
const leave = (page: Page, freeBytes: number) =>
  page.addInitScript((free) => {
    navigator.storage.estimate = () => Promise.resolve({ usage: 1_000_000_000, quota: 1_000_000_000 + free });
  }, freeBytes);

test("little room is said before a photo is taken", async ({ page, service }) => {
  await leave(page, 150 * MB);
  await signIn(page, service, "inspector01");
  await atHome(page);
  await page.getByRole("link", { name: "拍照上报" }).click();
  await expect(page.getByText("手机空间只剩 150.0 MB")).toBeVisible();
  await takePhotos(page, [31]);
});

test("with hardly any room no photo is begun, and what is there can be exported", async ({
  page,
  context,
  service,
}) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  await writeReport(page, [32, 33]);
  await context.setOffline(false);
  // Only the service is unreachable, so that the page can be loaded again.
  await page.route(/\/api\/v1\//, (route) => route.abort());
  await leave(page, 40 * MB);
  await page.goto(`${service.app}/?again#/capture`);
  await expect(page.getByText("先不能再加照片")).toBeVisible();
  await expect(camera(page)).toBeDisabled();
  await page.getByRole("link", { name: "去发送或导出" }).click();
  await page.getByRole("button", { name: "导出文件" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "保存到本机" }).click();
  const lines = readFileSync(await (await download).path(), "utf8")
    .trim()
    .split("\n");
  expect(JSON.parse(lines[lines.length - 1] ?? "")).toEqual({ end: { records: 1, drafts: 0, photos: 2 } });
});
