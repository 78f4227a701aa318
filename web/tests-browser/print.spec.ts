// Printing: the notice for a unit and the list for a meeting. No inspector is named on either.
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { concealed, dense, onPaper, printed } from "./paper";
import { fillCounty, SCREENS } from "./screens";
import { expect, signIn, test } from "./service";
import type { Service } from "./service";
import { settled } from "./steps";

const DESK = { width: 1440, height: 900 };
const NAMED = ["整改通知单", "文号", "城关街道", "禾苑小区", "整改时限", "签发人", "签收人", "（盖章）", "楼道堆物"];

/** Everything that names somebody: a check by another inspector, a fix, its failure, an extension that is refused. */
async function eventful(service: Service): Promise<string> {
  const id = await service.seed("reported");
  const { items } = await service.call<{ items: { id: string; display_name: string }[] }>(
    "office01",
    "GET",
    "/inspectors",
  );
  const checker = items.find((person) => person.display_name.endsWith("01"));
  await service.act("office01", id, "assign-check", { inspector_id: checker?.id });
  await service.act("inspector01", id, "fail", { reason: "角落没有清理" });
  await service.act("unit01", id, "request-extension", { reason: "连日下雨" });
  return id;
}

const numberOf = async (service: Service, id: string): Promise<string> =>
  (await service.call<{ number: string }>("office01", "GET", `/issues/${id}`)).number;

async function shown(page: Page, service: Service, address: string): Promise<void> {
  await page.goto(`${service.app}/#/${address}`);
  await expect(page.getByRole("button", { name: "打印", exact: true })).toBeEnabled();
  await settled(page);
}

for (const user of ["office01", "unit01"]) {
  test(`the notice that ${user} prints names nobody who went there, in no brightness`, async ({ open, service }) => {
    const id = await eventful(service);
    const names = await concealed(service);
    const page = await open({ viewport: DESK });
    await signIn(page, service, user);
    await page.goto(`${service.app}/#/issue/${id}`);
    await page.getByRole("link", { name: "打印整改通知单" }).click();
    await expect(page).toHaveURL(new RegExp(`#/issue/${id}/print$`));
    await expect(page.getByRole("img", { name: "问题照片 · 远景" })).toBeVisible();
    await expect(page.getByRole("img", { name: "整改后照片 · 同角度" })).toBeVisible();
    await shown(page, service, `issue/${id}/print`);
    const paper = await printed(page);
    const number = await numberOf(service, id);
    for (const text of paper.texts) {
      for (const words of [...NAMED, number, "已清理"]) expect(dense(text), words).toContain(dense(words));
      for (const name of names) expect(text).not.toContain(name);
      // Neither the visits nor what is only on the screen.
      for (const words of ["角落没有清理", "核查", "拍摄", "发现于", "连日下雨", "返回", "下面就是"])
        expect(text, words).not.toContain(words);
    }
    // The issue's own page on paper.
    await page.goto(`${service.app}/#/issue/${id}`);
    await expect(page.getByText("角落没有清理").first()).toBeVisible();
    await settled(page);
    for (const text of (await printed(page)).texts) for (const name of names) expect(text).not.toContain(name);
  });
}

test("a phone prints too, and its unit gets no paper of another unit's issue", async ({ page, service }) => {
  const id = await service.seed("assigned");
  await signIn(page, service, "unit01");
  await page.goto(`${service.app}/#/issue/${id}`);
  await page.getByRole("link", { name: "打印整改通知单" }).click();
  await expect(page.getByRole("article", { name: /^整改通知单 / })).toBeVisible();
  await page.goto(`${service.app}/#/issue/${randomUUID()}/print`);
  await expect(page.getByText("没有找到，可能已不归您办理")).toBeVisible();
  await expect(page.getByRole("button", { name: "打印", exact: true })).toBeDisabled();
});

test("before its release there is no notice of an issue", async ({ open, service }) => {
  const id = await service.seed("submitted");
  const page = await open({ viewport: DESK });
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issue/${id}`);
  await expect(page.getByRole("heading", { name: "禾苑小区" })).toBeVisible();
  await expect(page.getByRole("link", { name: "打印整改通知单" })).toHaveCount(0);
  await page.goto(`${service.app}/#/issue/${id}/print`);
  await expect(page.getByText("有 1 件尚未交办，没有通知单。")).toBeVisible();
  await expect(page.getByRole("button", { name: "打印", exact: true })).toBeDisabled();
});

test("what is chosen in the list is printed, a page for each, and a list for the meeting", async ({
  open,
  service,
}) => {
  const first = await eventful(service);
  const second = await service.seed("assigned");
  const unreleased = await service.seed("submitted");
  const names = await concealed(service);
  const page = await open({ viewport: DESK });
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issues`);
  const bulk = page.getByRole("region", { name: "批量办理" });
  for (const id of [first, second, unreleased]) await page.locator(`#row-${id} input`).check();
  await bulk.getByRole("link", { name: "打印整改通知单" }).click();
  await expect(page.getByText("共 2 份，每份另起一页。")).toBeVisible();
  await settled(page);
  await expect(page.getByRole("article")).toHaveCount(2);
  const notices = await printed(page);
  // The first has photos of its fix, and may need a second page.
  expect(notices.pages).toBeGreaterThanOrEqual(2);
  expect(notices.pages).toBeLessThanOrEqual(3);
  const numbers = [await numberOf(service, first), await numberOf(service, second)];
  for (const text of notices.texts) {
    for (const number of numbers) expect(text).toContain(number);
    for (const name of names) expect(text).not.toContain(name);
  }

  await page.goto(`${service.app}/#/issues`);
  for (const id of [first, unreleased]) await page.locator(`#row-${id} input`).check();
  await bulk.getByRole("link", { name: "会议清单" }).click();
  const rows = page.getByRole("table").locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await page.goto(`${service.app}/#/issues?severity=medium`);
  await page.getByRole("link", { name: "会议清单" }).click();
  await expect(rows).toHaveCount(2);
  await expect(page.getByText("有 1 件尚未交办，不列入清单。")).toBeVisible();
  await expect(page.locator(".paper img")).toHaveCount(0);
  await page.getByRole("checkbox", { name: "带照片" }).check();
  await page.reload();
  await expect(page.locator(".paper img")).toHaveCount(2);
  await settled(page);
  const list = await printed(page);
  for (const text of list.texts) {
    for (const words of ["会议用问题清单", "范围：较重", "共2件，其中超期0件", "返工整改", "待签收", ...numbers])
      expect(dense(text), words).toContain(words);
    for (const name of [...names, "带照片", "投诉建议", "台账"]) expect(text, name).not.toContain(name);
  }
  // The list's own page in both looks: its rows and no controls, and not when somebody was there.
  const today = await page.evaluate(() => `${new Date().getMonth() + 1}月${new Date().getDate()}日`);
  for (const isDense of [true, false]) {
    await page.goto(`${service.app}/#/issues?state=assigned`);
    await expect(page.locator("tbody tr")).toHaveCount(1);
    if (!isDense) await page.getByRole("button", { name: "紧凑" }).click();
    await settled(page);
    const { captured_at } = await service.call<{ captured_at: string }>("office01", "GET", `/issues/${second}`);
    const clock = new Date(captured_at).toLocaleTimeString("zh-CN", { timeStyle: "short", timeZone: "Asia/Shanghai" });
    await expect(page.getByText(`${today} ${clock}`)).toBeVisible();
    for (const text of (await printed(page)).texts) {
      expect(text).toContain(numbers[1]);
      for (const words of [...names, "搜索", "紧凑", "导出", "收到时间", "键盘", "会议清单", "清除筛选", clock])
        expect(text, words).not.toContain(words);
    }
  }
});

test("printing waits for the photos, and says which did not come", async ({ open, service }) => {
  const id = await service.seed("assigned");
  const page = await open({ viewport: DESK });
  await page.addInitScript(() => {
    const counted = window as unknown as { prints: number };
    counted.prints = 0;
    window.print = () => {
      counted.prints += 1;
    };
  });
  const prints = () => page.evaluate(() => (window as unknown as { prints: number }).prints);
  await signIn(page, service, "office01");
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let isBroken = true;
  let count = 0;
  await page.route(/\/photos\/.*\/view/, async (route) => {
    const isSecond = ++count > 1;
    await released;
    await (isSecond && isBroken ? route.abort() : route.continue());
  });
  await page.goto(`${service.app}/#/issue/${id}/print`);
  const button = page.getByRole("button", { name: "打印", exact: true });
  await button.click();
  await expect(page.getByText("正在等照片加载，加载完自动打印。")).toBeVisible();
  await expect(button).toBeDisabled();
  expect(await prints()).toBe(0);
  release();
  await expect.poll(prints).toBe(1);
  isBroken = false;
  await page.getByRole("button", { name: "重新加载" }).click();
  await expect(page.locator(".paper img")).toHaveCount(2);
  await button.click();
  await expect.poll(prints).toBe(2);
});

test("paper says which county and which office it is of", async ({ open, service }) => {
  await service.call("admin", "PATCH", "/settings", { county_name: "示范县", office_name: "示范县委督查室" });
  const id = await service.seed("assigned");
  const page = await open({ viewport: DESK });
  await signIn(page, service, "unit01");
  await shown(page, service, `issue/${id}/print`);
  await expect(page.getByRole("heading", { name: "示范县整改通知单" })).toBeVisible();
  await expect(page.getByText("签发单位（盖章）：示范县委督查室")).toBeVisible();
  const desk = await open({ viewport: DESK });
  await signIn(desk, service, "admin");
  await desk.goto(`${service.app}/#/settings/limits`);
  await expect(desk.getByLabel("本县名称")).toHaveValue("示范县");
  await desk.getByLabel("督查机构名称").fill("县委县政府督查室");
  await desk.getByRole("button", { name: "保存修改" }).click();
  await expect(desk.getByText("已保存，马上生效。")).toBeVisible();
  expect(await service.call("unit01", "GET", "/reference")).toMatchObject({ office_name: "县委县政府督查室" });
});

/** Whoever may print something that others see. An inspector prints nothing but what is their own. */
const PRINTING = ["office", "unit", "leader", "task_force", "discipline", "admin"] as const;
const CANARY = "夜鹭柒号";
/** The audit records say who did what, on paper too: only discipline and administrators have them. */
const NAMES_WHO_ACTED = ["audit"];

for (const role of PRINTING) {
  test(`no page that ${role} can print names an inspector`, async ({ open, service }) => {
    test.setTimeout(300_000);
    const { items } = await service.call<{ items: { id: string; role: string; username: string }[] }>(
      "admin",
      "GET",
      "/users",
    );
    const inspectors = items.filter((one) => one.role === "inspector");
    for (const { id, username } of inspectors.slice(0, 2))
      await service.call("admin", "PATCH", `/users/${id}`, { display_name: `${CANARY}${username}` });
    const shown = await fillCounty(service);
    const { user, screens } = SCREENS[role];
    const page = await open({ viewport: DESK });
    await signIn(page, service, user);
    for (const address of screens(shown).filter((one) => !NAMES_WHO_ACTED.includes(one))) {
      await page.goto(`${service.app}/#/${address}`);
      await settled(page);
      for (const text of await onPaper(page)) {
        expect.soft(text, address).not.toContain(CANARY);
        for (const { username } of inspectors) expect.soft(text, address).not.toContain(username);
      }
    }
  });
}
