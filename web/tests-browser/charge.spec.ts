// Who answers for units, and which county leaders look after what: entered, corrected and ended by the office.
import type { Page } from "@playwright/test";
import { bringAxe, violations } from "./accessibility";
import { expect, signIn, test } from "./service";
import { fitsWidth, settled } from "./steps";

const DAY_MS = 24 * 3_600_000;
const ZONE_MS = 8 * 3_600_000;
const day = (from: number): string => new Date(Date.now() + ZONE_MS + from * DAY_MS).toISOString().slice(0, 10);

const passes = async (page: Page, what: string) => {
  await settled(page);
  expect.soft(await violations(page), what).toEqual([]);
  expect.soft(await fitsWidth(page), `${what} fits`).toBe(true);
};

for (const viewport of [
  { width: 360, height: 1_600 },
  { width: 1440, height: 900 },
])
  test(`the office notes who answers for a unit, replaces and corrects, at ${viewport.width} pixels`, async ({
    open,
    service,
  }) => {
    const page = await open({ viewport });
    await bringAxe(page.context());
    await signIn(page, service, "office01");
    await page.goto(`${service.app}/#/settings`);
    await page.getByRole("link", { name: "单位负责人" }).click();
    await expect(page.getByText(/个单位没有配齐/)).toBeVisible();
    await expect(page.getByText("还没有任命过点长。")).toBeVisible();
    await passes(page, "units");
    await page.getByRole("table").getByRole("link").first().click();
    const principal = page.getByRole("region", { name: "一把手" });
    await expect(principal.getByText("现在空缺。")).toBeVisible();

    // What is missing or refused stands beside its field.
    await principal.getByRole("button", { name: "登记" }).click();
    await principal.getByRole("button", { name: "保存" }).click();
    await expect(principal.getByText("必填")).toBeVisible();
    await principal.getByLabel("姓名").fill("王建国");
    await principal.getByLabel("电话").fill("不详");
    await principal.getByLabel("自何日起").fill("2024-03-01");
    await principal.getByRole("button", { name: "保存" }).click();
    await expect(principal.getByText("格式不对")).toBeVisible();
    await passes(page, "form with a fault");
    await principal.getByLabel("电话").fill("0827-1234567");
    await principal.getByRole("button", { name: "保存" }).click();
    await expect(principal.getByText("王建国")).toBeVisible();
    await expect(principal.getByRole("link", { name: "0827-1234567" })).toBeVisible();

    // Somebody else from tomorrow on; what has been stays, and what is to come can be corrected.
    await principal.getByRole("button", { name: "换人" }).click();
    await principal.getByLabel("姓名").fill("李红");
    await principal.getByLabel("自何日起").fill("2024-06-01");
    await principal.getByRole("button", { name: "保存" }).click();
    await expect(principal.getByText("这一天已有记录，须从今天或以后算起")).toBeVisible();
    await principal.getByLabel("自何日起").fill(day(1));
    await principal.getByRole("button", { name: "保存" }).click();
    await expect(principal.getByRole("list", { name: "尚未到任" }).getByText("李红")).toBeVisible();
    await principal.getByRole("button", { name: /^更正 李红/ }).click();
    await principal.getByRole("radio", { name: "空缺" }).check({ force: true });
    await principal.getByRole("button", { name: "保存" }).click();
    await expect(principal.getByRole("list", { name: "尚未到任" }).getByText("空缺")).toBeVisible();
    await passes(page, "unit");

    const { units } = await service.call<{ units: { id: string }[] }>("office01", "GET", "/reference");
    const id = new URL(page.url()).hash.split("/").pop() ?? "";
    expect(units.map((unit) => unit.id)).toContain(id);
    const { items } = await service.call<{ items: { person: string; current: boolean }[] }>(
      "office01",
      "GET",
      `/units/${id}/people`,
    );
    expect(items.map(({ person, current }) => [person, current])).toEqual([
      ["王建国", true],
      ["", false],
    ]);
    // And the list of units tells it.
    await page.goto(`${service.app}/#/settings/charge`);
    await page.getByLabel("空缺情况").selectOption({ label: "缺分管领导" });
    await page.getByLabel("搜索单位或姓名").fill("王建国");
    await expect(page.locator("table tbody tr")).toHaveCount(1);
  });

test("the office pairs a county leader, ends it, and withdraws what has not begun", async ({ open, service }) => {
  const page = await open({ viewport: { width: 1440, height: 900 } });
  await bringAxe(page.context());
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/settings`);
  await page.getByRole("link", { name: "结对联创" }).click();
  await expect(page.getByText("还没有结对。")).toBeVisible();
  await passes(page, "no pairings");
  const form = page.getByRole("form");
  const table = page.getByRole("table");
  const leader = form.getByLabel("县领导");

  await page.getByRole("button", { name: "新增结对" }).click();
  await form.getByRole("button", { name: "保存" }).click();
  await expect(form.getByText("必填")).toHaveCount(2);
  await leader.selectOption({ index: 1 });
  await form.getByLabel("责任单位").last().selectOption({ index: 1 });
  await form.getByLabel("开始日期").fill(day(-3));
  await form.getByRole("button", { name: "保存" }).click();
  await expect(table.getByText("结对中")).toBeVisible();

  // The same again is refused beside its day; with a point from later on it is not.
  await page.getByRole("button", { name: "新增结对" }).click();
  await leader.selectOption({ index: 1 });
  await form.getByLabel("责任单位").last().selectOption({ index: 1 });
  await form.getByRole("button", { name: "保存" }).click();
  await expect(form.getByText("这段时间已经结对")).toBeVisible();
  await form.getByRole("radio", { name: "点位" }).check({ force: true });
  await form.getByRole("searchbox").fill("禾苑");
  await form.getByRole("button", { name: "禾苑小区", exact: true }).click();
  await expect(form.getByText("已选：禾苑小区")).toBeVisible();
  await form.getByLabel("开始日期").fill(day(5));
  await passes(page, "form");
  await form.getByRole("button", { name: "保存" }).click();
  await expect(table.getByText("未开始")).toBeVisible();
  await passes(page, "pairings");

  await table.getByRole("button", { name: /^撤回/ }).click();
  await expect(table.getByText(/^还没有开始。撤回 .*禾苑小区 的结对？$/)).toBeVisible();
  await table.getByRole("button", { name: /^撤回/ }).click();
  await expect(table.getByText("未开始")).toHaveCount(0);

  await table.getByRole("button", { name: /^定截止日期/ }).click();
  await form.getByLabel("截止日期").fill(day(-3));
  await form.getByRole("button", { name: "保存" }).click();
  await expect(form.getByText("不能早于开始日期，也不能早于昨天")).toBeVisible();
  await form.getByLabel("截止日期").fill(day(-1));
  await form.getByRole("button", { name: "保存" }).click();
  await expect(table.getByText("已结束")).toBeVisible();
  // The leader reads it.
  const { items } = await service.call<{ items: { from: string; to: string }[] }>("leader01", "GET", "/pairings");
  expect(items).toMatchObject([{ from: day(-3), to: day(-1) }]);
});
