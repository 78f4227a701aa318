// The office's list: dense rows, columns, filters with counts, orders, and a search that Back keeps.
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { fitsWidth } from "./steps";
import { expect, signIn, test } from "./service";
import type { Service } from "./service";

test.use({ viewport: { width: 1440, height: 900 } });

const rows = (page: Page) => page.locator("tbody tr");
const search = (page: Page) => page.getByRole("searchbox");

/** Reports without their photos: they are listed like all others. */
async function report(service: Service, count: number, description = (at: number) => `${at}`): Promise<void> {
  const reference = await service.call<{
    points: { id: string; type: string }[];
    items: { code: string; point_types: string[] }[];
  }>("office01", "GET", "/reference");
  const [point] = reference.points;
  const item = reference.items.find((one) => one.point_types.includes(point?.type ?? ""));
  for (let at = 0; at < count; at += 1)
    await service.call("inspector02", "PUT", `/issues/${randomUUID()}`, {
      point_id: point?.id,
      item_code: item?.code,
      severity: at % 2 === 0 ? "low" : "high",
      description: description(at),
      captured_at: new Date().toISOString(),
      location: null,
      photos: [{ id: randomUUID(), view: "far" }],
    });
}

test("on a tablet, fingers hit what a mouse would", async ({ open, service }) => {
  await service.seed("submitted");
  const page = await open({ viewport: { width: 1024, height: 768 }, hasTouch: true, isMobile: true });
  await signIn(page, service, "office01");
  for (const [address, ready] of [
    ["issues", rows(page).first()],
    ["overview", page.getByRole("link", { name: "方案与批次" })],
    ["queue?kind=review", page.getByRole("button", { name: "审核通过", exact: true })],
  ] as const) {
    await page.goto(`${service.app}/#/${address}`);
    await expect(ready).toBeVisible();
    const small = await page
      .locator("main :is(button, select, a.button, nav a):visible")
      .evaluateAll((all) =>
        all.filter((one) => one.getBoundingClientRect().height < 44).map((one) => one.outerHTML.slice(0, 120)),
      );
    expect(small, address).toEqual([]);
    expect(await fitsWidth(page), address).toBe(true);
    await expect(page.locator(".desk-only:visible")).toHaveCount(0);
  }
});

test("fifteen rows and more are on a screen, and how the list looks is remembered", async ({ page, service }) => {
  await report(service, 30);
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issues`);
  await expect(rows(page)).toHaveCount(30);
  const heights = await rows(page).evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
  for (const height of heights) expect(Math.abs(height - 40)).toBeLessThanOrEqual(1);
  const seen = await rows(page).evaluateAll(
    (all) => all.filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length,
  );
  expect(seen).toBeGreaterThanOrEqual(15);
  for (const width of [768, 1024, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    await page.reload();
    await expect(rows(page)).toHaveCount(30);
    expect(await fitsWidth(page), `${width}`).toBe(true);
    // No column is squeezed out: the place can be read, and leads to the issue.
    expect((await rows(page).first().getByRole("link").boundingBox())?.width, `${width}`).toBeGreaterThan(60);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.reload();
  await page.getByRole("button", { name: "选择列" }).click();
  await page.getByRole("checkbox", { name: "描述" }).check();
  await page.getByRole("checkbox", { name: "编号" }).uncheck();
  await expect(page.getByRole("columnheader", { name: "描述" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "描述" })).toBeVisible();
  await expect(page.getByRole("columnheader", { name: "编号" })).toHaveCount(0);
  await page.getByRole("button", { name: "紧凑" }).click();
  await expect(page.getByRole("columnheader", { name: "照片" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("columnheader", { name: "照片" })).toBeVisible();
  expect((await rows(page).first().boundingBox())?.height).toBeGreaterThan(80);
});

test("the filters are one line of chips with counts, and the totals are of what is filtered", async ({
  page,
  service,
}) => {
  await service.seed("submitted");
  const assigned = await service.seed("assigned");
  await service.seed("assigned");
  await report(service, 2);
  const { item_code } = await service.call<{ item_code: string }>("office01", "GET", `/issues/${assigned}`);
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issues`);
  await expect(page.getByText("共 5 件，未办结 5 件，超期 0 件")).toBeVisible();
  for (const width of [1280, 1440, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    const tops = await page
      .locator(".filter-line .filters > *")
      .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
    expect(new Set(tops).size, `${width}`).toBe(1);
    expect(await fitsWidth(page), `${width}`).toBe(true);
  }
  await expect(page.getByLabel("状态").locator("option[value=assigned]")).toHaveText("待签收（2）");
  await page.getByLabel("严重程度").focus();
  await expect(page.getByLabel("严重程度").locator("option[value=high]")).toHaveText("严重（1）");
  await page.getByLabel("状态").selectOption("assigned");
  await expect(rows(page)).toHaveCount(2);
  await expect(page.getByText("共 2 件，未办结 2 件，超期 0 件")).toBeVisible();
  // The counts of a filter are beside the other filters, not beside itself.
  await expect(page.getByLabel("状态").locator("option[value=submitted]")).toHaveText("待审核（1）");
  const doubted = page.getByRole("button", { name: "只看存疑 2" });
  await expect(doubted).toHaveAttribute("aria-pressed", "false");
  await doubted.click();
  await expect(page).toHaveURL(/flagged=true/);
  await expect(doubted).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("link", { name: "清除筛选" }).click();
  await page.getByLabel("测评项").selectOption(item_code);
  await expect(page).toHaveURL(new RegExp(`item_code=${item_code}`));
  await expect(page.getByText(/^共 [35] 件/)).toBeVisible();
});

test("headings sort as the service can", async ({ page, service }) => {
  await report(service, 1, () => "first");
  await report(service, 1, () => "last");
  await service.seed("assigned");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issues`);
  const received = page.getByRole("columnheader", { name: "收到时间" });
  const due = page.getByRole("columnheader", { name: "整改时限" });
  await expect(received).toHaveAttribute("aria-sort", "descending");
  await expect(rows(page).first()).toContainText("待签收");
  await received.getByRole("button").click();
  await expect(received).toHaveAttribute("aria-sort", "ascending");
  await expect(rows(page).first()).toContainText("接收中");
  await due.getByRole("button").click();
  await expect(due).toHaveAttribute("aria-sort", "ascending");
  await expect(received).not.toHaveAttribute("aria-sort", /./);
  await expect(rows(page).first()).toContainText("待签收");
  await page.reload();
  await expect(due).toHaveAttribute("aria-sort", "ascending");
});

test("Back never loses a search", async ({ page, service }) => {
  await report(service, 4, (at) => (at === 0 ? "市场门口" : "楼道"));
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issues`);
  await expect(rows(page)).toHaveCount(4);
  await search(page).fill("市场门口");
  await search(page).press("Enter");
  await expect(rows(page)).toHaveCount(1);
  await rows(page).first().getByRole("link").click();
  await expect(page).toHaveURL(/#\/issue\//);
  // The address changes before the page does.
  await expect(page.getByRole("heading", { name: "问题", exact: true })).toBeVisible();
  await page.goBack();
  await expect(search(page)).toHaveValue("市场门口");
  await expect(rows(page)).toHaveCount(1);
  // A second search, and back to the first.
  await search(page).fill("楼道");
  await search(page).press("Enter");
  await expect(rows(page)).toHaveCount(3);
  await page.goBack();
  await expect(search(page)).toHaveValue("市场门口");
  await expect(rows(page)).toHaveCount(1);
  await page.goBack();
  await expect(search(page)).toHaveValue("");
  await expect(rows(page)).toHaveCount(4);
});

test("all that the filters leave are chosen, over pages that were never opened", async ({ page, service }) => {
  await report(service, 60);
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issues`);
  await expect(rows(page)).toHaveCount(50);
  await page.getByRole("checkbox", { name: "选中已列出的 50 件" }).first().check();
  await expect(page.getByRole("status").filter({ hasText: "已选 50 件" })).toBeVisible();
  await page.getByRole("button", { name: "选中符合条件的全部" }).click();
  await expect(page.getByRole("status").filter({ hasText: "已选 60 件" })).toBeVisible();
  await page.getByRole("button", { name: "取消选择" }).click();
  await expect(page.locator("tbody input:checked")).toHaveCount(0);
});
