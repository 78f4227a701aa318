// The first day of a county: from an empty folder to the first released report, without a terminal.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { jpeg } from "./jpeg";
import { callsOf, expect, PASSWORD, startBinary, test } from "./service";

const START = "Qinghe-2026-first";

/** Creates an account by form and sets its owner's own password. */
async function addPerson(page: Page, origin: string, username: string, role: string, unit?: string): Promise<void> {
  await page.goto(`${origin}/#/settings/users/new`);
  await page.getByLabel("用户名").fill(username);
  await page.getByLabel("姓名（显示名）").fill(`人员${username}`);
  await page.getByRole("radio", { name: role, exact: true }).check({ force: true });
  if (unit) await page.getByLabel("责任单位", { exact: true }).last().selectOption({ label: unit });
  await page.getByRole("button", { name: "建立账号" }).click();
  const first = await page.locator(".once").innerText();
  const login = await fetch(`${origin}/api/v1/sessions`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password: first }),
  });
  const { token } = (await login.json()) as { token: string };
  const changed = await fetch(`${origin}/api/v1/me/password`, {
    method: "PUT",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ old_password: first, new_password: PASSWORD }),
  });
  expect(changed.status).toBe(204);
  await page.getByRole("button", { name: "再建一个" }).click();
}

test.use({ geolocation: { latitude: 31.21025, longitude: 107.49035, accuracy: 8 }, permissions: ["geolocation"] });

test("a county is set up in the browser, up to its first released report", async ({ page }) => {
  const data = mkdtempSync(join(tmpdir(), "anfang-first-"));
  const { origin, said, stop } = await startBinary(["serve", "--listen", "127.0.0.1:0", "--data", data]);
  try {
    const code = /setup code 开通码 (\S+)\)/.exec(said)?.[1] ?? "";
    expect(said).toContain(`${origin}/#/setup?code=${code}`);

    // The login page leads there; a stranger without the code gets nothing.
    await page.goto(origin);
    await expect(page.getByRole("heading", { name: "首次开通" })).toBeVisible();
    await page.getByRole("button", { name: "建立账号，开始开通" }).click();
    await expect(page.getByText("必填").first()).toBeVisible();
    await page.getByLabel("开通码").fill("AAAA-AAAA");
    await page.getByLabel("县（市、区）名称").fill("清河县");
    await page.getByLabel("管理员姓名").fill("王管理");
    await page.getByLabel("登录用户名").fill("chief");
    await page.getByLabel("登录密码").fill(START);
    await page.getByLabel("再输一遍密码").fill(START);
    await page.getByRole("button", { name: "建立账号，开始开通" }).click();
    await expect(page.getByText("开通码不对，请核对后再填")).toBeVisible();
    await page.getByLabel("开通码").fill(code.toLowerCase());
    await page.getByRole("button", { name: "建立账号，开始开通" }).click();

    await expect(page.getByRole("heading", { name: "开通清单" })).toBeVisible();
    await expect(page.getByText(/已完成 [01] \/ 6 步/)).toBeVisible();
    const step = (name: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });
    await expect(step("用户账号")).toContainText("审核通过的人不能自己交办");

    // Skipped for later, and taken back.
    await step("责任单位").getByRole("button", { name: "以后再办" }).click();
    await step("责任单位").getByRole("button", { name: "恢复为待办" }).click();
    await expect(step("责任单位").getByRole("button", { name: "以后再办" })).toBeVisible();

    await step("县区名称与工作时间").getByRole("link", { name: "核对" }).click();
    await expect(page.getByLabel("县（市、区）名称")).toHaveValue("清河县");
    await page.getByLabel("督查机构名称").fill("清河县委督查室");
    await page.getByLabel("工作时间", { exact: true }).fill("08:00-12:00 14:00-18:00");
    await page.getByRole("button", { name: "核对无误，保存" }).click();
    await expect(step("县区名称与工作时间")).toContainText("已完成");

    await step("创建项目与测评项").getByRole("link", { name: "勾选" }).click();
    await page.getByLabel(/^文明城市/).check();
    await page.getByRole("button", { name: "导入所选" }).click();
    await expect(page.getByText("已导入。", { exact: true })).toBeVisible();

    await page.goto(`${origin}/#/setup`);
    await step("责任单位").getByRole("link", { name: "逐个填写" }).click();
    await page.getByLabel("单位名称").fill("县城市管理局");
    await page.getByLabel("区划代码").fill("511723");
    await page.getByRole("button", { name: "保存" }).click();
    await expect(step("责任单位")).toContainText("已完成");

    await addPerson(page, origin, "office01", "督查室");
    await addPerson(page, origin, "office02", "督查室");
    await addPerson(page, origin, "inspector01", "暗访员");
    await addPerson(page, origin, "unit01", "责任单位", "县城市管理局");
    await page.goto(`${origin}/#/setup`);
    await expect(step("用户账号")).toContainText("已完成");

    // By its address first; its position when somebody stands there.
    await step("点位").getByRole("link", { name: "逐个填写" }).click();
    await page.getByLabel("点位名称").fill("禾丰农贸市场");
    await page.getByLabel("点位类型").selectOption("MKT");
    await page.getByLabel("主责单位").selectOption({ label: "县城市管理局" });
    await page.getByLabel("地址").fill("禾丰路 22 号");
    await expect(page.getByText("留空则用 511723-MKT-0001")).toBeVisible();
    await page.getByRole("button", { name: "保存" }).click();
    await expect(step("点位")).toContainText("已完成");
    await step("点位").getByRole("link", { name: "查看" }).click();
    await expect(page.getByText("坐标待定")).toBeVisible();
    await page.getByRole("link", { name: "禾丰农贸市场" }).click();
    await page.getByRole("button", { name: "我站在这里" }).click();
    await expect(page.getByLabel("纬度, 经度")).toHaveValue("31.210250, 107.490350");
    // Then a tap on the map moves it.
    const map = page.getByRole("img", { name: /^地图/ });
    const box = await map.boundingBox();
    await map.click({ position: { x: (box?.width ?? 0) / 2 + 40, y: (box?.height ?? 0) / 2 } });
    await expect(page.getByLabel("纬度, 经度")).not.toHaveValue("31.210250, 107.490350");
    await page.getByRole("button", { name: "保存" }).click();
    await expect(page.getByText("坐标待定")).toHaveCount(0);

    // The first report, by the phones and desks of those who were added.
    const { call, act } = callsOf(origin);
    const reference = await call<{ points: { id: string; location: object }[]; units: { id: string }[] }>(
      "inspector01",
      "GET",
      "/reference",
    );
    const [id, photo] = [randomUUID(), randomUUID()];
    await call("inspector01", "PUT", `/photos/${photo}`, jpeg(1));
    await call("inspector01", "PUT", `/issues/${id}`, {
      point_id: reference.points[0]?.id,
      item_code: "WM-07",
      severity: "medium",
      description: "消防通道堆物",
      captured_at: new Date().toISOString(),
      location: reference.points[0]?.location,
      photos: [{ id: photo, view: "far" }],
    });
    await act("office01", id, "approve", { unit_id: reference.units[0]?.id });
    expect((await act("office02", id, "release", {})).state).toBe("assigned");

    // Who comes late finds the door shut.
    const late = await fetch(`${origin}/api/v1/setup`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code, username: "evil", display_name: "x", password: START, county_name: "x" }),
    });
    expect(late.status).toBe(409);
  } finally {
    await stop();
    rmSync(data, { recursive: true, force: true });
  }
});

test("days of the calendar are toggled by a click", async ({ page, service }) => {
  await page.goto(service.app);
  await page.getByLabel("用户名").fill("office01");
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("navigation", { name: "主导航" })).toBeVisible();
  await page.goto(`${service.app}/#/settings/calendar?year=2027`);
  await page.getByRole("button", { name: "点选日期修改" }).click();
  // A Monday becomes a day off, a Saturday a working day.
  await page.getByRole("button", { name: "2027-02-08" }).click();
  await page.getByRole("button", { name: "2027-02-20" }).click();
  await page.getByRole("button", { name: "保存 2 处改动" }).click();
  await expect(page.getByRole("button", { name: "点选日期修改" })).toBeVisible();
  const { off, makeup } = await service.call<{ off: string[]; makeup: string[] }>("office01", "GET", "/calendar");
  expect(off).toContain("2027-02-08");
  expect(makeup).toContain("2027-02-20");
});
