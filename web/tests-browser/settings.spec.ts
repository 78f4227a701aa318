import { expect, signIn, test } from "./service";

const sheet = (text: string) => ({ name: "units.csv", mimeType: "text/csv", buffer: Buffer.from(text) });

test("an administrator adds somebody, who then signs in", async ({ page, browser, service }) => {
  await signIn(page, service, "admin");
  await page.getByRole("link", { name: /用户账号/ }).click();
  await page.getByRole("link", { name: "新增账号" }).click();
  await page.getByRole("button", { name: "建立账号" }).click();
  await expect(page.getByText("必填").first()).toBeVisible();
  await page.getByLabel("用户名").fill("unit88");
  await page.getByLabel("姓名（显示名）").fill("城管局新同志");
  await page.getByRole("radio", { name: "责任单位" }).check({ force: true });
  await page.getByLabel("责任单位", { exact: true }).last().selectOption({ index: 1 });
  await page.getByRole("button", { name: "建立账号" }).click();
  const password = await page.locator(".once").innerText();
  expect(password.length).toBeGreaterThanOrEqual(10);

  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(service.app);
  await other.getByLabel("用户名").fill("unit88");
  await other.getByLabel("密码", { exact: true }).fill(password);
  await other.getByRole("button", { name: "登录" }).click();
  await expect(other.getByText("先换一个自己的密码")).toBeVisible();
  await context.close();

  // The password is gone with the page; the account is on the list, and can be disabled.
  await page.getByRole("link", { name: "回到账号列表" }).click();
  await page.getByRole("searchbox").fill("unit88");
  await page.getByRole("link", { name: "城管局新同志" }).click();
  await expect(page.locator(".once")).toHaveCount(0);
  await page.getByRole("button", { name: "停用账号" }).click();
  await page.getByRole("button", { name: "停用账号" }).click();
  await expect(page.getByText("账号已停用。")).toBeVisible();
});

test("an account of a task force names its campaign, and reads that one's issues", async ({ page, open, service }) => {
  const id = await service.seed("assigned");
  const { campaign } = await service.call<{ campaign: string }>("office01", "GET", `/issues/${id}`);
  await signIn(page, service, "admin");
  await page.getByRole("link", { name: /用户账号/ }).click();
  await page.getByRole("searchbox").fill("leader01");
  await page.getByRole("link", { name: "县领导01" }).click();
  await page.getByRole("radio", { name: "创建专班" }).check({ force: true });
  await page.getByRole("button", { name: "保存修改" }).click();
  await expect(page.getByText("必填").first()).toBeVisible();
  await page.getByLabel("创建项目").selectOption(campaign);
  await page.getByRole("button", { name: "保存修改" }).click();
  await expect(page.getByText("已保存。")).toBeVisible();

  expect(campaign).not.toBe("WS");
  for (const [user, sees] of [
    ["leader01", true],
    ["taskforce02", false],
  ] as const) {
    const other = await open();
    await signIn(other, service, user);
    await other.goto(`${service.app}/#/issues`);
    await expect(other.getByText("禾苑小区")).toHaveCount(sees ? 1 : 0);
    await expect(other.getByText("没有符合的问题。")).toHaveCount(sees ? 0 : 1);
  }
});

test("the last administrator stays, and the page says why", async ({ page, service }) => {
  await signIn(page, service, "admin");
  const { items } = await service.call<{ items: { id: string; username: string }[] }>("admin", "GET", "/users");
  await page.goto(`${service.app}/#/settings/users/${items.find((user) => user.username === "admin")?.id ?? ""}`);
  await page.getByRole("button", { name: "停用账号" }).click();
  await page.getByRole("button", { name: "停用账号" }).click();
  await expect(page.getByText("这是最后一个可用的管理员账号")).toBeVisible();
});

test("a broken sheet is shown line by line, and the mended one is imported", async ({ page, service }) => {
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/settings/units`);
  await page.getByRole("link", { name: "导入责任单位" }).click();
  const input = page.locator("input[type=file]");
  await input.setInputFiles(
    sheet("单位编码,单位名称,单位类型,区划代码\r\nU81,县气象局,局,990001\r\nU81,,bureau,99\r\n"),
  );
  await expect(page.getByRole("heading", { name: /共 4 处错误，涉及 2 行/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /第 2 行.*单位类型.*局/ })).toBeVisible();
  await expect(page.getByRole("row", { name: /第 3 行.*单位编码.*U81.*与第 2 行重复/ })).toBeVisible();
  await page.getByRole("combobox", { name: "列", exact: true }).selectOption("区划代码");
  await expect(page.locator("tbody tr").filter({ hasText: "第" })).toHaveCount(1);

  await input.setInputFiles(sheet("单位编码,单位名称,单位类型,区划代码\r\nU81,县气象局,bureau,990001\r\n"));
  await expect(page.getByText("检查通过，共 1 行")).toBeVisible();
  const units = () => service.call<{ items: { code: string }[] }>("office01", "GET", "/units");
  expect((await units()).items.some((unit) => unit.code === "U81")).toBe(false);
  await page.getByRole("button", { name: "确认导入这 1 行" }).click();
  await expect(page.getByText("已导入。")).toBeVisible();
  expect((await units()).items.some((unit) => unit.code === "U81")).toBe(true);
  await page.getByRole("link", { name: "查看" }).click();
  await page.getByRole("searchbox").fill("气象");
  await expect(page.getByRole("row", { name: /县气象局/ })).toBeVisible();
});

test("a setting out of its range is refused beside its field", async ({ page, service }) => {
  await signIn(page, service, "admin");
  await page.goto(`${service.app}/#/settings/limits`);
  await page.getByLabel("密码有效天数").fill("99999");
  await expect(page.getByText("请填 0 至 3650 之间的整数")).toBeVisible();
  await page.getByLabel("密码有效天数").fill("180");
  await page.getByRole("button", { name: "保存修改" }).click();
  await expect(page.getByText("已保存，马上生效。")).toBeVisible();
  expect((await service.call<{ password_days_max: number }>("admin", "GET", "/settings")).password_days_max).toBe(180);
});

test("a complaint reaches the office, and its answer whoever complained", async ({ page, browser, service }) => {
  await signIn(page, service, "unit02");
  await page.getByRole("link", { name: "投诉建议" }).click();
  await page.getByRole("radio", { name: "工作安排" }).check({ force: true });
  await page.getByLabel("想说什么").fill("交办时限太短，周末也要整改");
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "提交" }).click();
  await expect(page.getByText("还没有送达")).toBeVisible();
  await page.context().setOffline(false);
  // It was to be sent, so it is sent by itself.
  await expect(page.getByText("已提交。答复会显示在下面。")).toBeVisible({ timeout: 15_000 });

  const context = await browser.newContext();
  const office = await context.newPage();
  await signIn(office, service, "office01");
  await office.goto(`${service.app}/#/settings/complaints`);
  const card = office.getByRole("article").filter({ hasText: "交办时限太短" });
  await expect(card).toContainText("没有留下姓名");
  await card.getByRole("button", { name: "答复" }).click();
  await card.getByLabel("答复").fill("下月起按工作日计算");
  await card.getByRole("button", { name: "发出答复" }).click();
  await expect(office.getByText("答复已发出。")).toBeVisible();
  await context.close();

  await page.reload();
  await expect(page.getByText("下月起按工作日计算")).toBeVisible();
});

test("nobody is offered what they may not do", async ({ page, service }) => {
  await signIn(page, service, "discipline01");
  await page.goto(`${service.app}/#/settings/users`);
  await expect(page.getByRole("link", { name: /审计记录/ })).toBeVisible();
  await expect(page.getByRole("link", { name: /用户账号/ })).toHaveCount(0);
  await page.getByRole("link", { name: /审计记录/ }).click();
  await expect(page.getByRole("row", { name: /登录/ }).first()).toBeVisible();
});

test("a point that is taken out of use is still found, and leads to the map while it is in use", async ({
  page,
  service,
}) => {
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/settings/points`);
  await page.getByRole("searchbox").fill("禾苑小区");
  const row = page.getByRole("row").filter({ hasText: "990001-EST-0001" });
  await row.getByRole("link", { name: "地图" }).click();
  await expect(page.getByRole("status").filter({ hasText: "禾苑小区" })).toBeVisible();

  await page.goto(`${service.app}/#/settings/import/points`);
  await page
    .locator("input[type=file]")
    .setInputFiles(
      sheet(
        "点位编码,点位名称,点位类型,纬度,经度,创建项目,主责单位,启用\r\n990001-EST-0001,禾苑小区,EST,31.21,107.49,WM,U02,0\r\n",
      ),
    );
  await page.getByRole("button", { name: /确认导入/ }).click();
  await page.getByRole("link", { name: "查看" }).click();
  await page.getByRole("searchbox").fill("990001-EST-0001");
  await expect(page.getByText("没有符合的点位")).toBeVisible();
  await page.getByLabel("状态").selectOption("停用");
  await expect(row.getByText("停用")).toBeVisible();
});
