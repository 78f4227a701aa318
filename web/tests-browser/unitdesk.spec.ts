// A unit at a desk: its table, many signed for at once, phrases, and days of an extension.
import type { Page } from "@playwright/test";
import { bringAxe, violations } from "./accessibility";
import { jpeg } from "./jpeg";
import { expect, signIn, test } from "./service";
import { fitsWidth, settled } from "./steps";

test.use({ viewport: { width: 1440, height: 900 } });

const rows = (page: Page) => page.locator("tbody tr");
const tab = (page: Page, name: string) => page.getByRole("button", { name: new RegExp(`^${name} \\d+$`) });
const LOOKS = [{}, { theme: "dark" }, { size: "xl" }, { size: "xl", theme: "dark" }];

test("the table is searched, filtered by person and cut into tabs with counts", async ({ page, service }) => {
  const first = await service.seed("assigned");
  const second = await service.seed("assigned");
  await service.seed("assigned");
  const reported = await service.seed("reported");
  await service.act("unit01", first, "sign-in", { handler: "李建国" });
  await service.act("unit01", second, "sign-in", { handler: "王芳" });
  await service.act("unit01", second, "request-extension", { reason: "连日下雨" });
  await signIn(page, service, "unit01");
  await expect(rows(page)).toHaveCount(4);
  for (const [name, count] of Object.entries({ 在办: 4, 待签收: 1, 整改中: 2, 超期: 0, 待核查: 1 }))
    await expect(tab(page, name)).toHaveText(`${name} ${count}`);
  await expect(page.locator(`#row-${second}`)).toContainText("延期申请 · 待答复");
  await tab(page, "待核查").click();
  await expect(rows(page)).toHaveCount(1);
  await expect(page.locator(`#row-${reported}`)).toBeVisible();
  await tab(page, "整改中").click();
  await page.getByLabel("整改责任人").selectOption("王芳");
  await expect(rows(page)).toHaveCount(1);
  await expect(tab(page, "在办")).toHaveText("在办 1");
  const { number } = await service.call<{ number: string }>("unit01", "GET", `/issues/${second}`);
  await page.getByRole("searchbox").fill(number);
  await expect(rows(page)).toHaveCount(1);
  // Nothing that is typed or chosen is lost over a reload, or on the way back from an issue.
  await page.reload();
  await expect(page.getByRole("searchbox")).toHaveValue(number);
  await expect(page.getByLabel("整改责任人")).toHaveValue("王芳");
  await expect(tab(page, "整改中")).toHaveAttribute("aria-pressed", "true");
  await rows(page).getByRole("link", { name: "禾苑小区" }).click();
  await expect(page).toHaveURL(/#\/issue\//);
  // The address changes before the page does.
  await expect(page.getByRole("heading", { name: "问题", exact: true })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("searchbox")).toHaveValue(number);
  await page.getByRole("searchbox").fill("没有这样的字");
  await expect(page.getByText("没有这样的问题。")).toBeVisible();
  await page.getByRole("button", { name: "清除搜索和筛选" }).click();
  await expect(rows(page)).toHaveCount(2);
  // The initials of the place, as in the office.
  await page.getByRole("searchbox").fill("hyxq");
  await expect(rows(page)).toHaveCount(2);
});

test("many are signed for at once, and what somebody else did meanwhile is said", async ({ page, service }) => {
  const ids = [await service.seed("assigned"), await service.seed("assigned"), await service.seed("assigned")];
  await signIn(page, service, "unit01");
  await expect(rows(page)).toHaveCount(3);
  await page.getByRole("checkbox", { name: "选中列出的 3 件" }).check();
  const many = page.getByRole("region", { name: "批量办理" });
  await many.getByLabel("整改责任人").fill("李建国");
  // Kept while it is being written.
  await page.reload();
  await page.getByRole("checkbox", { name: "选中列出的 3 件" }).check();
  await expect(many.getByLabel("整改责任人")).toHaveValue("李建国");
  // A colleague was faster with one.
  await service.act("unit01", ids[1] ?? "", "sign-in", { handler: "王芳" });
  const calls: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/actions/sign-in")) calls.push(request.headers()["idempotency-key"] ?? "");
  });
  await many.getByRole("button", { name: "签收 3 件" }).click();
  await expect(many.getByText("已签收 2 件，共 3 件")).toBeVisible();
  await expect(many.getByText("有 1 件没有签收，原因如下：")).toBeVisible();
  const results = many.getByRole("list", { name: "逐件结果" }).getByRole("listitem");
  await expect(results).toHaveCount(3);
  await expect(results.first()).toContainText("情况已变");
  expect(new Set(calls).size).toBe(3);
  expect(calls).not.toContain("");
  // Each row says how it stands now, also the one that a colleague has signed for.
  await expect(tab(page, "整改中")).toHaveText("整改中 3");
  await expect(page.locator(`#row-${ids[1]}`)).toContainText("王芳");
  await expect(page.locator(`#row-${ids[0]}`)).toContainText("李建国");
  for (const id of ids)
    expect((await service.call<{ state: string }>("unit01", "GET", `/issues/${id}`)).state).toBe("rectifying");
});

test("without an answer the rest is not tried, and trying again signs once", async ({ page, service }) => {
  const ids = [await service.seed("assigned"), await service.seed("assigned")];
  await signIn(page, service, "unit01");
  await page.getByRole("checkbox", { name: "选中列出的 2 件" }).check();
  // The first is taken, and its answer is lost.
  let isLost = true;
  await page.route("**/actions/sign-in", async (route) => {
    if (!isLost) return route.continue();
    await route.fetch();
    return route.abort();
  });
  const many = page.getByRole("region", { name: "批量办理" });
  await many.getByRole("button", { name: "签收 2 件" }).click();
  await expect(many.getByText("已签收 0 件，共 2 件")).toBeVisible();
  await expect(many.getByText("没有办", { exact: true })).toBeVisible();
  isLost = false;
  await many.getByRole("button", { name: /^签收 \d 件$/ }).click();
  await expect(many.getByText(/^已签收 [12] 件/)).toBeVisible();
  for (const id of ids) {
    const events = await service.call<{ items: { action: string }[] }>("unit01", "GET", `/issues/${id}/events`);
    expect(events.items.filter((event) => event.action === "sign-in")).toHaveLength(1);
  }
});

test("phrases go into the text, and are changed on this device", async ({ page, service }) => {
  const id = await service.seed("assigned");
  await service.act("unit01", id, "sign-in", {});
  await signIn(page, service, "unit01");
  await page.goto(`${service.app}/#/issue/${id}/report-fix`);
  const beside = page.getByRole("complementary", { name: "参考" });
  await beside.getByRole("button", { name: "已清理完毕" }).click();
  await beside.getByRole("button", { name: "已安排专人每日巡查" }).click();
  const text = page.getByLabel("整改措施");
  await expect(text).toHaveValue("已清理完毕，已安排专人每日巡查");
  await expect(beside.getByRole("img", { name: "发现问题 · 远景" })).toBeVisible();
  await beside.getByRole("button", { name: "编辑" }).click();
  await beside.getByLabel("每行一条").fill("已移交执法中队\n已清理完毕");
  await page.reload();
  await expect(text).toHaveValue("已清理完毕，已安排专人每日巡查");
  await beside.getByRole("button", { name: "已移交执法中队" }).click();
  await expect(text).toHaveValue("已清理完毕，已安排专人每日巡查，已移交执法中队");
  await text.fill("已补种绿植");
  await beside.getByRole("button", { name: "编辑" }).click();
  await beside.getByRole("button", { name: "加入正在填写的这句" }).click();
  await beside.getByRole("button", { name: "完成" }).click();
  await expect(beside.getByRole("button", { name: "已补种绿植" })).toBeVisible();
  await beside.getByRole("button", { name: "编辑" }).click();
  await beside.getByRole("button", { name: "恢复最初的常用语" }).click();
  await beside.getByRole("button", { name: "完成" }).click();
  await expect(beside.getByRole("button", { name: "已移交执法中队" })).toHaveCount(0);
  // Reasons have phrases of their own.
  await page.goto(`${service.app}/#/issue/${id}/dispute`);
  await beside.getByRole("button", { name: "现场情况与照片不符" }).click();
  await expect(page.getByLabel("理由")).toHaveValue("现场情况与照片不符");
});

test("an extension is asked for by days, with the new deadline before it is sent", async ({ page, service }) => {
  const id = await service.seed("submitted");
  const { units } = await service.call<{ units: { id: string; code: string }[] }>("office01", "GET", "/reference");
  const inTenDays = new Date(Date.now() + 10 * 86_400_000).toISOString();
  const unit = units.find(({ code }) => code === "U01");
  await service.act("office01", id, "approve", { unit_id: unit?.id, due: inTenDays });
  await service.act("office02", id, "release", {});
  await service.act("unit01", id, "sign-in", {});
  await signIn(page, service, "unit01");
  await page.goto(`${service.app}/#/issue/${id}/request-extension`);
  const beside = page.getByRole("complementary", { name: "参考" });
  await expect(beside.getByRole("img", { name: "发现问题 · 近景" })).toBeVisible();
  const issue = await service.call<{ due_at: string; extension_until_max: string }>("unit01", "GET", `/issues/${id}`);
  const day = (at: number) => {
    const local = new Date(at + 8 * 3_600_000);
    return `${local.getUTCMonth() + 1}月${local.getUTCDate()}日`;
  };
  const due = Date.parse(issue.due_at);
  const most = Math.floor((Date.parse(issue.extension_until_max) - due) / 86_400_000);
  // Nothing chosen asks for as long as the service allows.
  await expect(beside.locator("dd").last()).toContainText(day(Date.parse(issue.extension_until_max)));
  const [more, less] = [beside.getByRole("button", { name: "多一天" }), beside.getByRole("button", { name: "少一天" })];
  const status = beside.getByRole("status");
  await more.click();
  const first = Number((await status.textContent())?.split(" ")[0]);
  expect(first).toBeGreaterThan(0);
  for (let days = first; days < most; days += 1) await more.click();
  await expect(status).toHaveText(`${most} 天`);
  await expect(more).toBeDisabled();
  await expect(beside.locator("dd").last()).toContainText(day(due + most * 86_400_000));
  for (let days = most; days > first; days -= 1) await less.click();
  await expect(status).toHaveText(`${first} 天`);
  await expect(beside.locator("dd").last()).toContainText(day(due + first * 86_400_000));
  await page.reload();
  await expect(status).toHaveText(`${first} 天`);
  await beside.getByRole("button", { name: "最长" }).click();
  await expect(page.getByLabel("申请延期至")).toHaveValue("");
  await beside.getByRole("button", { name: "受天气影响无法施工" }).click();
  await page.getByRole("button", { name: "确认申请延期" }).click();
  await expect(page.getByText("“申请延期”已送达。")).toBeVisible({ timeout: 20_000 });
  await expect(beside.getByText("待答复")).toBeVisible();
  const { requests } = await service.call<{ requests: { until: string }[] }>("unit01", "GET", `/issues/${id}`);
  expect(Date.parse(requests[0]?.until ?? "")).toBeGreaterThan(Date.parse(issue.due_at));
});

test("beside an issue are its place, the way there, and what was asked for with its proof", async ({
  page,
  service,
}) => {
  const id = await service.seed("assigned");
  const photo = "5f0f8a52-2c1e-4d7c-9a37-0b4a1c55d0e1";
  await service.call("unit01", "PUT", `/photos/${photo}`, jpeg(901));
  await service.act("unit01", id, "dispute", { reason: "该处已按规定审批", photos: [{ id: photo, view: "detail" }] });
  const outside: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(service.app) && request.url().startsWith("http")) outside.push(request.url());
  });
  await signIn(page, service, "unit01");
  await page.goto(`${service.app}/#/issue/${id}`);
  const beside = page.getByRole("complementary", { name: "参考" });
  await expect(beside.getByRole("img", { name: "禾苑小区的位置示意图" })).toBeVisible();
  const way = beside.getByRole("link", { name: "在高德地图中打开、导航" });
  const { point } = await service.call<{ point: { location: { lat: number; lon: number } } }>(
    "unit01",
    "GET",
    `/issues/${id}`,
  );
  await expect(way).toHaveAttribute(
    "href",
    `https://uri.amap.com/marker?position=${point.location.lon},${point.location.lat}&coordinate=wgs84` +
      `&name=${encodeURIComponent("禾苑小区")}`,
  );
  await expect(way).toHaveAttribute("rel", "noopener noreferrer");
  await expect(beside.getByText("该处已按规定审批")).toBeVisible();
  await expect(beside.getByRole("img", { name: "申请材料 · 细节" })).toBeVisible();
  await service.act("unit01", id, "sign-in", {});
  expect(outside).toEqual([]);
});

test("a narrow window has the pages of phones, and a wide one again the table", async ({ page, service }) => {
  await service.seed("assigned");
  await signIn(page, service, "unit01");
  await expect(rows(page)).toHaveCount(1);
  await page.setViewportSize({ width: 1000, height: 800 });
  await expect(page.locator("article.card")).toHaveCount(1);
  await expect(rows(page)).toHaveCount(0);
  await page.setViewportSize({ width: 1024, height: 800 });
  await expect(rows(page)).toHaveCount(1);
  await page.getByRole("link", { name: "全部" }).click();
  await expect(page.locator("article.card")).toHaveCount(1);
  await page.getByRole("link", { name: "月度情况" }).click();
  await expect(page.getByRole("heading", { name: "本单位月度情况" })).toBeVisible();
});

test("the desk passes the accessibility rules and fits, in every look", async ({ open, service }) => {
  const id = await service.seed("assigned");
  await service.seed("reported");
  await service.act("unit01", id, "sign-in", { handler: "李建国" });
  for (const look of LOOKS) {
    const page = await open({ viewport: { width: 1024, height: 900 } });
    await bringAxe(page.context());
    await page.addInitScript((kept) => localStorage.setItem("choices", JSON.stringify(kept)), look);
    await signIn(page, service, "unit01");
    for (const screen of [
      "todo",
      `issue/${id}`,
      `issue/${id}/request-extension`,
      `issue/${id}/report-fix`,
      `issue/${id}/print`,
    ]) {
      await page.goto(`${service.app}/#/${screen}`);
      await settled(page);
      if (screen === "todo") await page.getByRole("checkbox").first().check();
      expect.soft(await violations(page), `${screen} ${JSON.stringify(look)}`).toEqual([]);
      expect.soft(await fitsWidth(page), `${screen} ${JSON.stringify(look)} fits`).toBe(true);
    }
    await page.context().close();
  }
});
