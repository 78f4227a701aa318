// Figures of the office and of reading roles: each equals the length of the list that it leads to.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { bringAxe, violations } from "./accessibility";
import { fitsWidth, settled } from "./steps";
import { expect, signIn, test } from "./service";
import type { Service } from "./service";

test.use({ viewport: { width: 1440, height: 900 } });

/** One issue of each kind that a figure counts. */
async function fill(service: Service): Promise<{ closed: string; late: string }> {
  const closed = await service.seed("reported");
  const rework = await service.seed("reported");
  const late = await service.seed("submitted");
  await service.seed("submitted");
  await service.seed("assigned");
  await service.act("office01", closed, "pass", { on_site: false, note: "已整改到位" });
  await service.act("office01", rework, "fail", { reason: "问题仍在" });
  const { items } = await service.call<{ items: { id: string; code: string }[] }>("office01", "GET", "/units");
  await service.act("office01", late, "approve", {
    unit_id: items.find((unit) => unit.code === "U02")?.id,
    due: new Date(Date.now() + 3_000).toISOString(),
  });
  await service.act("office02", late, "release", {});
  await expect
    .poll(async () => (await service.call<{ overdue: boolean }>("office01", "GET", `/issues/${late}`)).overdue)
    .toBe(true);
  for (const reason of ["请尽快整改", "请今日内办结"]) await service.act("office01", late, "remind", { reason });
  return { closed, late };
}

/** That figure is of a list, but not its length. */
const MEDIAN = "[data-figure=median_days]";

/** Every figure that counts issues, with the list that it leads to. */
const figures = (page: Page): Promise<{ query: string; shown: string }[]> =>
  page
    .locator(`main a[href^="#/issues?"]:has(.figure):not(${MEDIAN}), .figure-table a[href^="#/issues?"]:not(${MEDIAN})`)
    .evaluateAll((all) =>
      all.map((one) => ({
        query: (one.getAttribute("href") ?? "").slice("#/issues?".length),
        shown: (one.querySelector(".figure") ?? one).textContent ?? "",
      })),
    );

/** Compares each with the service's count, by the filters of its own link. */
async function compare(page: Page, service: Service, user: string): Promise<void> {
  const all = await figures(page);
  expect(all.length).toBeGreaterThan(50);
  const counts = new Map<string, number>();
  for (const { query, shown } of all) {
    const asked = new URLSearchParams(query);
    asked.delete("sort");
    const words = asked.toString();
    if (!counts.has(words))
      counts.set(words, (await service.call<{ total: number }>(user, "GET", `/issues/counts?${words}`)).total);
    // A share says how many beside it.
    if (/^\d+$/.test(shown)) expect.soft(Number(shown), `${user} ${words}`).toBe(counts.get(words));
  }
}

const card = (page: Page, name: RegExp) => page.locator(".standing a").filter({ hasText: name });

test("the overview begins with what is to be done, by keys too, and each figure leads to what it counts", async ({
  page,
  service,
}) => {
  const { late } = await fill(service);
  await bringAxe(page.context());
  await signIn(page, service, "office01");
  await settled(page);
  await expect(page.getByRole("heading", { level: 2 }).first()).toHaveText("今日要办");
  await expect(card(page, /催办两次以上/)).toContainText("1");
  await compare(page, service, "office01");
  expect(await violations(page)).toEqual([]);
  // The list says what it shows, and it can be taken away.
  await card(page, /收到/).click();
  await expect(page.getByText("共 5 件", { exact: false })).toBeVisible();
  const told = page.getByRole("button", { name: /^收到：.*点击去掉$/ });
  await told.click();
  await expect(page).toHaveURL(/#\/issues$/);
  await page.goBack();
  await expect(told).toBeVisible();
  await page.goto(`${service.app}/#/overview`);
  await card(page, /未按期/).click();
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page.getByRole("button", { name: /未按期（含现已超期）/ })).toBeVisible();
  await page.goto(`${service.app}/#/overview`);
  // Nothing was due of the unit that has closed nothing: that is no hundred percent.
  const rows = page.getByRole("table", { name: /各责任单位情况/ }).locator("tbody tr");
  await expect(rows).toHaveCount(2);
  await expect(rows.first()).toContainText("县市场监督管理局");
  await page.getByRole("button", { name: "责任单位" }).click();
  await expect(page.getByRole("columnheader", { name: "责任单位" })).toHaveAttribute("aria-sort", "ascending");
  await rows.getByRole("link", { name: "县市场监督管理局" }).click();
  await expect(page.locator(".scope select").first()).not.toHaveValue("");
  await expect(page.getByRole("heading", { name: /县市场监督管理局.*总体情况/ })).toBeFocused();
  await expect(card(page, /在办/)).toContainText("1");
  await page.getByRole("button", { name: "查看月度情况" }).click();
  await expect(page.getByRole("rowheader", { name: /^\d{4}-\d{2}$/ })).toHaveCount(6);
  await expect(page.locator(`.overdue-top a[href="#/issue/${late}"]`)).toContainText("已催办 2 次");
  await page.goto(`${service.app}/#/overview`);
  await expect(rows).toHaveCount(2);
  await page.keyboard.press("3");
  await expect(page).toHaveURL(/queue\?kind=check/);
});

for (const [user, width] of [
  ["leader01", 360],
  ["leader01", 1440],
  ["discipline01", 1440],
] as const)
  test(`${user} has the same figures of what was released, at ${width} pixels`, async ({ open, service }) => {
    const { late } = await fill(service);
    const page = await open({ viewport: { width, height: 900 } });
    await bringAxe(page.context());
    await signIn(page, service, user);
    await settled(page);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("总览");
    await compare(page, service, user);
    expect(await violations(page)).toEqual([]);
    expect(await fitsWidth(page)).toBe(true);
    // Nothing of what is not released: four of five.
    await card(page, /交办/).click();
    await expect(page.getByText("共 4 件，超期 1 件")).toBeVisible();
    await expect(page.locator(".reader-cards > li")).toHaveCount(4);
    await expect(page.getByRole("button", { name: /^交办：.*点击去掉$/ })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    expect(await fitsWidth(page)).toBe(true);
    await page.goto(`${service.app}/#/overview`);
    await page.locator(`.overdue-top a[href="#/issue/${late}"]`).click();
    await expect(page.getByText("要求", { exact: false }).first()).toBeVisible();
  });

test("what was closed hangs on a wall, and is shown one after the other by keys", async ({ open, service }) => {
  const { closed } = await fill(service);
  const second = await service.seed("reported");
  await service.act("office01", second, "pass", { on_site: false, note: "已整改到位" });
  for (const width of [360, 1440]) {
    const page = await open({ viewport: { width, height: 900 }, reducedMotion: "reduce" });
    await bringAxe(page.context());
    await signIn(page, service, "leader01");
    await page.getByRole("link", { name: "照片墙" }).click();
    await expect(page.locator(".wall > li")).toHaveCount(2);
    await expect(page.locator(`#row-${closed}`).getByRole("img")).toHaveCount(2);
    expect(await violations(page)).toEqual([]);
    expect(await fitsWidth(page)).toBe(true);
    await page.getByRole("button", { name: "放映" }).focus();
    await page.keyboard.press("Enter");
    const show = page.getByRole("dialog", { name: "照片放映" });
    const photo = show.locator(".show-stage img");
    const words = show.locator(".show-words");
    await expect(words).toContainText("1/2");
    await expect(words).toContainText("整改前");
    const before = await photo.getAttribute("src");
    // At least four fifths of the screen's height.
    expect((await photo.boundingBox())?.height).toBeGreaterThanOrEqual(0.8 * 900);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Space");
    await expect(words).toContainText("整改后");
    await expect(photo).not.toHaveAttribute("src", before ?? "");
    await page.keyboard.press("Space");
    await expect(photo).toHaveAttribute("src", before ?? "");
    for (const [key, place] of [
      ["PageDown", "2/2"],
      ["ArrowLeft", "1/2"],
      ["ArrowRight", "2/2"],
      ["PageUp", "1/2"],
    ] as const) {
      await page.keyboard.press(key);
      await expect(words).toContainText(place);
    }
    await page.keyboard.press("g");
    await expect(show.locator(".show-tile")).toHaveCount(2);
    expect(await violations(page)).toEqual([]);
    await show.locator(".show-tile").nth(1).focus();
    await page.keyboard.press("Enter");
    await expect(words).toContainText("2/2");
    // By itself: before, after, the next one.
    await page.clock.install();
    await show.getByLabel("自动").selectOption("6");
    await page.clock.runFor(6_500);
    await expect(words).toContainText("整改后");
    await page.clock.runFor(6_500);
    await expect(words).toContainText("1/2");
    await page.keyboard.press("Escape");
    await expect(show).toHaveCount(0);
    await expect(page.getByRole("button", { name: "放映" })).toBeFocused();
    await page.context().close();
  }
});

test("discipline finds what a person did on a day, and saves it", async ({ page, service }) => {
  await fill(service);
  await bringAxe(page.context());
  await signIn(page, service, "discipline01");
  await page.getByRole("link", { name: "审计", exact: true }).click();
  await expect(page.getByRole("status").filter({ hasText: /共 \d+ 条/ })).toBeVisible();
  await page.getByLabel("谁").selectOption({ label: "督查室01" });
  await expect(page.getByRole("status").filter({ hasText: /共 1 条/ })).toBeVisible();
  const coming = page.waitForEvent("download");
  // The count stands once, at the top.
  await expect(page.getByText(/\d+ 条/)).toHaveCount(1);
  await page.getByRole("button", { name: "下载所列记录（CSV）" }).click();
  const sheet = (await readFile(await (await coming).path())).toString();
  expect(sheet).toContain("时间,动作,结果,谁,角色,对象,说明,次数,请求编号");
  expect(sheet).toMatch(/登录,成功,督查室01,督查室,账号 office01,来自 127\.0\.0\.1/);
  expect(sheet.trim().split("\r\n")).toHaveLength(2);
  await page.getByLabel("从哪天").fill("2035-01-01");
  await expect(page.getByRole("status").filter({ hasText: /共 0 条/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "投诉", exact: true }).click();
  await expect(page.getByRole("button", { name: "待答复" })).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "已答复" }).click();
  await expect(page).toHaveURL(/#\/complaints\?answered=true$/);
});
