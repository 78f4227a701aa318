import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { atHome, camera, photoFile, takePhotos, writeReport } from "./steps";
import { expect, signIn, test } from "./service";

/** Exports everything unsent of the phone to a file. */
async function exported(page: Page, app: string): Promise<{ name: string; mimeType: string; buffer: Buffer }> {
  await page.goto(`${app}/#/outbox`);
  await page.getByText("导出、导入未上传记录").click();
  await page.getByRole("button", { name: "导出文件" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "保存到本机" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^anfang-inspector01-\d{4}-\d\d-\d\d\.txt$/);
  return { name: file.suggestedFilename(), mimeType: "text/plain", buffer: readFileSync(await file.path()) };
}

async function writeOffline(page: Page): Promise<void> {
  await atHome(page);
  await page.context().setOffline(true);
  await writeReport(page, [41, 42], 400_000);
  await page.getByRole("link", { name: "拍照上报" }).click();
  await takePhotos(page, [43]);
  await page.getByLabel("问题描述").fill("还没写完");
}

test("records and drafts are carried to another phone of the same person", async ({ page, service, open }) => {
  await signIn(page, service, "inspector01");
  await writeOffline(page);
  const file = await exported(page, service.app);

  const other = await open();
  await signIn(other, service, "inspector01");
  await other.getByRole("link", { name: /待上传/ }).click();
  await other.getByText("导出、导入未上传记录").click();
  const chooser = other.locator("details input[type=file]");
  await chooser.setInputFiles(file);
  await expect(other.getByText("已导入记录 1 条，会自动发送；草稿 1 条，可接着填写")).toBeVisible();
  await expect(other.getByRole("heading", { name: "已送达" })).toBeVisible({ timeout: 30_000 });
  await other.getByRole("link", { name: /1 张照片/ }).click();
  await expect(other.getByLabel("问题描述")).toHaveValue("还没写完");

  const stranger = await open();
  await signIn(stranger, service, "inspector02");
  await stranger.getByRole("link", { name: /待上传/ }).click();
  await stranger.getByText("导出、导入未上传记录").click();
  await stranger.locator("details input[type=file]").setInputFiles(file);
  await expect(stranger.getByText(/请由本人登录后导入/)).toBeVisible();
  const { items } = await service.call<{ items: unknown[] }>("office01", "GET", "/issues?limit=200");
  expect(items).toHaveLength(1);
});

test("where nothing can be saved the file goes by the system's sheet", async ({ page, service }) => {
  await page.addInitScript(() => {
    const told = window as unknown as { shared: { name: string; type: string; size: number }[] };
    told.shared = [];
    navigator.canShare = (data) =>
      (data?.files ?? []).every((file) => file.name.endsWith(".txt") && file.size < 50 * 1024 * 1024);
    navigator.share = (data) => {
      told.shared.push(...(data?.files ?? []).map(({ name, type, size }) => ({ name, type, size })));
      return Promise.resolve();
    };
  });
  await signIn(page, service, "inspector01");
  await atHome(page);
  await page.context().setOffline(true);
  await writeReport(page, [44]);
  await page.getByText("导出、导入未上传记录").click();
  await page.getByRole("button", { name: "导出文件" }).click();
  await page.getByRole("button", { name: "发送给…" }).click();
  await expect
    .poll(() =>
      page.evaluate(() => (window as unknown as { shared: { type: string }[] }).shared.map((file) => file.type)),
    )
    .toEqual(["text/plain"]);
});

test.describe("at a desk", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("the office hands in a packet and is told what became of each record", async ({ page, service, open }) => {
    const phone = await open({ viewport: { width: 360, height: 780 } });
    await signIn(phone, service, "inspector01");
    await writeOffline(phone);
    const file = await exported(phone, service.app);
    const records = file.buffer
      .toString()
      .split("\n")
      .filter((line) => line.startsWith(`{"record"`))
      .map((line) => (JSON.parse(line) as { record: { id: string } }).record.id);

    await signIn(page, service, "office01");
    const has = (await service.call<{ permissions: string[] }>("office01", "GET", "/me")).permissions.includes(
      "take-packets",
    );
    // An older service takes no packets: then its answer is simulated.
    if (!has) {
      await page.route("**/api/v1/me", async (route) => {
        const answer = await route.fetch();
        const me = (await answer.json()) as { permissions: string[] };
        return route.fulfill({ response: answer, json: { ...me, permissions: [...me.permissions, "take-packets"] } });
      });
      await page.route("**/api/v1/packets", (route) =>
        route.fulfill({
          json: {
            account: { id: "a", username: "inspector01", name: "x" },
            exported_at: "2026-11-28T09:00:00Z",
            is_complete: true,
            drafts: 1,
            records: records.map((id) => ({
              id,
              kind: "report",
              issue_id: id,
              action: null,
              outcome: "taken",
              number: null,
              missing_photos: [],
              problem: null,
            })),
          },
        }),
      );
      await page.reload();
    }
    await page.goto(`${service.app}/#/settings`);
    await page.getByRole("link", { name: /代收未上传记录/ }).click();
    const chooser = page.locator("input[type=file]");
    await chooser.setInputFiles({ name: "other.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
    await expect(page.getByText("这个文件不是导出的未上传记录")).toBeVisible();
    await chooser.setInputFiles(file);
    await expect(page.getByText(/（inspector01）的记录/)).toBeVisible();
    await page.getByRole("button", { name: "接收", exact: true }).click();
    await expect(page.getByText("新接收 1 条，此前已收到 0 条，未接收 0 条")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("文件里还有 1 条草稿")).toBeVisible();
    await expect(page.getByRole("table")).toContainText("禾苑小区");
    if (has)
      expect((await service.call<{ state: string }>("office01", "GET", `/issues/${records[0] ?? ""}`)).state).toBe(
        "submitted",
      );
  });
});

test("originals wait for Wi-Fi where their person wants it, and go at once when they say so", async ({
  page,
  service,
}) => {
  await page.addInitScript(() =>
    Object.defineProperty(navigator, "connection", { value: Object.assign(new EventTarget(), { type: "cellular" }) }),
  );
  await signIn(page, service, "inspector01");
  await atHome(page);
  await page.getByRole("link", { name: "我的" }).click();
  await page
    .getByRole("group", { name: "照片原图上传" })
    .getByRole("radio", { name: "仅 Wi-Fi" })
    .check({ force: true });
  await page.getByRole("link", { name: "拍照上报" }).click();
  await camera(page).setInputFiles(photoFile(45, 300_000));
  await expect(page.getByAltText("第 1 张照片")).toBeVisible();
  await page.locator("#report-item .choice:has(input:enabled)").first().click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText(/1 条已报到督查室，还有 1 张原图/)).toBeVisible();
  const list = () => service.call<{ items: { state: string }[] }>("office01", "GET", "/issues?limit=200");
  expect((await list()).items.map((issue) => issue.state)).toEqual(["receiving"]);
  await page.getByRole("button", { name: "现在就用流量传" }).click();
  await expect(page.getByText("全部送达")).toBeVisible({ timeout: 30_000 });
  expect((await list()).items.map((issue) => issue.state)).toEqual(["submitted"]);
});
