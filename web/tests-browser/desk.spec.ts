// The office's desk: the position and order of its parts, and working with keys.
import type { Page } from "@playwright/test";
import { bringAxe, violations } from "./accessibility";
import { fitsWidth, settled } from "./steps";
import { expect, signIn, test } from "./service";
import type { Service } from "./service";

test.use({ viewport: { width: 1440, height: 900 } });

const stateOf = async (service: Service, id: string) =>
  (await service.call<{ state: string }>("office01", "GET", `/issues/${id}`)).state;
const confirm = (page: Page) => page.locator(".case-decision [type=submit]");
async function approve(service: Service, user: string, severity: string): Promise<string> {
  const id = await service.seed("submitted");
  const { items } = await service.call<{ items: { id: string; code: string }[] }>("office01", "GET", "/units");
  await service.act(user, id, "approve", { severity, unit_id: items.find((unit) => unit.code === "U01")?.id });
  return id;
}

test("list, evidence and decision stand beside each other and scroll alone, the next case at its top", async ({
  page,
  service,
}) => {
  for (let count = 0; count < 12; count += 1) await service.seed("submitted");
  await signIn(page, service, "office01");
  for (const width of [1280, 1440, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(`${service.app}/#/queue?kind=review`);
    await expect(confirm(page)).toBeEnabled();
    await expect(page.getByRole("heading", { name: "办理经过" })).toBeAttached();
    const boxes = await Promise.all(
      [".desk-list", ".case-evidence", ".case-decision"].map((one) => page.locator(one).boundingBox()),
    );
    for (const [at, box] of boxes.entries()) {
      const before = boxes[at - 1];
      if (box && before) expect(box.x).toBeGreaterThanOrEqual(before.x + before.width);
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(800);
    }
    expect(await fitsWidth(page)).toBe(true);
    await page.locator(".case-evidence").evaluate((column) => column.scrollTo(0, 400));
    await expect.poll(() => page.locator(".case-evidence").evaluate((column) => column.scrollTop)).toBeGreaterThan(100);
    expect(await page.evaluate(() => scrollY)).toBe(0);
    expect(await page.locator(".desk-list").evaluate((column) => column.scrollTop)).toBeLessThan(3);
    // Far down the list the chosen row is in sight, and its case begins at its top.
    for (let press = 0; press < 11; press += 1) await page.keyboard.press("j");
    const row = page.locator('.list-row[aria-current="true"]');
    await expect(row).toBeInViewport({ ratio: 0.99 });
    expect(await page.locator(".case-evidence").evaluate((column) => column.scrollTop)).toBe(0);
  }
  await page.setViewportSize({ width: 1100, height: 800 });
  const evidence = await page.locator(".case .photos").first().boundingBox();
  const form = await page.locator(".decision").boundingBox();
  expect(Math.abs((evidence?.x ?? 0) - (form?.x ?? 9_999))).toBeLessThan(20);
});

test("severe cases come first, then those that wait longest, and where a colleague has to decide it is said", async ({
  page,
  service,
}) => {
  const medium = await approve(service, "office02", "medium");
  const own = await approve(service, "office01", "high");
  const severe = await approve(service, "office02", "high");
  const low = await approve(service, "office02", "low");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=release`);
  await expect(page.locator(".desk-list li")).toHaveCount(4);
  expect(
    await page.locator(".desk-list li").evaluateAll((rows) => rows.map((row) => row.id.replace("row-", ""))),
  ).toEqual([own, severe, medium, low]);
  // The first that this person may decide is open.
  await expect(page).toHaveURL(new RegExp(severe));
  await expect(page.locator(`#row-${own}`)).toContainText("须由他人办理");
  await page.keyboard.press("k");
  await expect(page.locator(".case-decision")).toContainText("这件由您审核通过，须由督查室其他人交办");
});

test("many are released together, with the unit and the limit of each in its row", async ({ page, service }) => {
  const ids = [await approve(service, "office02", "low"), await approve(service, "office02", "medium")];
  const own = await approve(service, "office01", "medium");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=release`);
  await page.getByRole("link", { name: "批量交办" }).click();
  const rows = page.locator(".issues-batch tbody tr");
  await expect(rows).toHaveCount(3);
  for (let at = 0; at < 3; at += 1) {
    await expect(rows.nth(at)).toContainText("县城市管理局");
    await expect(rows.nth(at)).toContainText("工作时");
  }
  await page.locator("thead input").check();
  await expect(rows.locator("input:checked")).toHaveCount(2);
  await expect(rows.locator("input:disabled")).toHaveCount(1);
  await page.getByRole("button", { name: "交办所选 2 件" }).click();
  await expect(page.locator(".held")).toContainText("共 2 件");
  // All of them are taken back together, and released the second time.
  await page.keyboard.press("z");
  await expect(page.locator(".issues-batch tbody tr")).toHaveCount(3);
  await page.locator("thead input").check();
  await page.getByRole("button", { name: "交办所选 2 件" }).click();
  for (const id of ids) await expect.poll(() => stateOf(service, id)).toBe("assigned");
  expect(await stateOf(service, own)).toBe("sealed");
});

test("a stack of cases is decided by keys alone", async ({ page, service }) => {
  const ids: string[] = [];
  for (let count = 0; count < 6; count += 1) ids.push(await service.seed("submitted"));
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=review`);
  // The unit by u, a list of its own; Enter leaves it and confirms.
  await expect(confirm(page)).toBeEnabled();
  await page.keyboard.press("u");
  await expect(page.getByLabel("责任单位")).toBeFocused();
  await page.getByLabel("责任单位").selectOption({ label: "县城市管理局" });
  await page.keyboard.press("Enter");
  await expect(confirm(page)).toBeFocused();
  await page.keyboard.press("Enter");
  for (let left = 5; left > 0; left -= 1) {
    await expect(page.getByRole("link", { name: `待审核 ${left}` })).toBeVisible();
    await expect(confirm(page)).toBeEnabled();
    if (left % 2 === 0) {
      await page.keyboard.press("Enter");
      continue;
    }
    await page.keyboard.press("2");
    await expect(page.locator(".decision textarea")).toBeFocused();
    await page.keyboard.type("缺少远景");
    await page.keyboard.press("Control+Enter");
  }
  const states = async () => (await Promise.all(ids.map((id) => stateOf(service, id)))).sort().join();
  await expect.poll(states, { timeout: 30_000 }).toBe("returned,returned,returned,sealed,sealed,sealed");
  await expect(page.getByText("这一类没有要办的。")).toBeVisible();
});

test("a day of a hundred decisions by keys alone, over the pages of the list", async ({ page, service }) => {
  // Some at a time: the service takes only so many photos of one person at once.
  for (let count = 0; count < 100; count += 10)
    await Promise.all(Array.from({ length: 10 }, () => service.seed("submitted")));
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=review`);
  await expect(confirm(page)).toBeEnabled();
  const opened: string[] = [];
  for (let done = 0; done < 100; done += 1) {
    await expect(page).not.toHaveURL(opened.at(-1) ?? "");
    await expect(confirm(page)).toBeEnabled();
    opened.push(page.url());
    if (done % 10 !== 9) {
      await page.keyboard.press("Enter");
      continue;
    }
    await page.keyboard.press("2");
    await expect(page.locator(".decision textarea")).toBeFocused();
    await page.keyboard.type("缺少远景");
    await page.keyboard.press("Control+Enter");
  }
  // Each was open once before it was decided.
  expect(new Set(opened).size).toBe(100);
  await expect(page.getByText("这一类没有要办的。")).toBeVisible();
  const count = async (state: string) =>
    (await service.call<{ total: number }>("office01", "GET", `/issues/counts?state=${state}`)).total;
  const counts = () => Promise.all(["sealed", "returned", "submitted"].map(count));
  await expect.poll(counts, { timeout: 30_000 }).toEqual([90, 10, 0]);
});

test("ten decisions take ten keys, or ten clicks, and nothing else", async ({ page, service }) => {
  for (let count = 0; count < 20; count += 1) await service.seed("submitted");
  await page.addInitScript(() => {
    const hands = { keys: 0, clicks: 0 };
    Object.assign(window, { hands });
    addEventListener("keydown", () => (hands.keys += 1), true);
    // Not the clicks that a key makes.
    addEventListener("pointerdown", () => (hands.clicks += 1), true);
  });
  const hands = () => page.evaluate(() => (window as unknown as { hands: { keys: number; clicks: number } }).hands);
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=review`);
  await page.reload();
  const decided = async (decide: () => Promise<void>) => {
    for (let count = 0; count < 10; count += 1) {
      const open = page.url();
      await expect(confirm(page)).toBeEnabled();
      await decide();
      await expect(page).not.toHaveURL(open);
    }
  };
  await expect(confirm(page)).toBeEnabled();
  await decided(() => page.keyboard.press("Enter"));
  expect(await hands()).toEqual({ keys: 10, clicks: 0 });
  await decided(async () => {
    // A click counts when the pointer has moved since the case was drawn.
    await page.mouse.move(5, 5);
    await confirm(page).click();
  });
  expect(await hands()).toEqual({ keys: 10, clicks: 10 });
  await expect
    .poll(async () => (await service.call<{ total: number }>("office01", "GET", "/issues/counts?state=sealed")).total, {
      timeout: 30_000,
    })
    .toBe(20);
});

test("a queue is searched by /, and what stands beside the decision helps with it", async ({ page, service }) => {
  await service.seed("submitted");
  await service.seed("submitted");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=review`);
  await expect(confirm(page)).toBeEnabled();
  const beside = page.locator(".case-decision");
  await expect(beside).toContainText("建议：");
  await expect(beside).toContainText("不填则按测评项的时限");
  await expect(beside).toContainText("同一点位、同一测评项，近 90 天");
  await expect(beside).toContainText("未办结 1 件");
  await page.keyboard.press("/");
  await page.keyboard.type("hyxqq");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/q=hyxqq/);
  await expect(page.getByText("没有符合的问题。")).toBeVisible();
  await page.keyboard.press("/");
  await page.getByRole("searchbox").fill("hyxq");
  await page.keyboard.press("Enter");
  await expect(page.locator(".desk-list li")).toHaveCount(2);
  await page.reload();
  await expect(page.getByRole("searchbox")).toHaveValue("hyxq");
});

test("the desk passes the accessibility rules at its own width, with a decision held back", async ({
  open,
  service,
}) => {
  for (let count = 0; count < 3; count += 1) await service.seed("submitted");
  await approve(service, "office01", "medium");
  await service.seed("reported");
  for (const theme of ["light", "dark"]) {
    const page = await open();
    await bringAxe(page.context());
    await page.addInitScript((kept) => localStorage.setItem("choices", JSON.stringify(kept)), { theme });
    await signIn(page, service, "office01");
    for (const address of ["queue?kind=review", "queue?kind=release", "queue?kind=release&batch=1", "issues"]) {
      await page.goto(`${service.app}/#/${address}`);
      await settled(page);
      expect.soft(await violations(page), `${theme} ${address}`).toEqual([]);
    }
    await page.getByRole("button", { name: "选择列" }).click();
    expect.soft(await violations(page), `${theme} columns`).toEqual([]);
    await page.goto(`${service.app}/#/queue?kind=check`);
    await expect(confirm(page)).toBeEnabled();
    await page.getByRole("radio", { name: "现场核查" }).check({ force: true });
    await confirm(page).click();
    await expect(page.locator(".held")).toContainText("即将生效");
    expect.soft(await violations(page), `${theme} held back`).toEqual([]);
    await page.keyboard.press("z");
    await expect(page.locator(".held")).not.toContainText("即将生效");
    await page.context().close();
  }
});
