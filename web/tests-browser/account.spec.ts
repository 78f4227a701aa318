import { countKept, expect, PASSWORD, signIn, test } from "./service";

test("the first sign-in asks for a password of one's own, and nothing else is open before", async ({
  page,
  service,
}) => {
  const { password } = await service.call<{ password: string }>("admin", "POST", "/users", {
    username: "newcomer",
    display_name: "新来的",
    role: "inspector",
  });
  await page.goto(service.app);
  await page.getByLabel("用户名").fill("newcomer");
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByText("先换一个自己的密码")).toBeVisible();
  await page.goto(`${service.app}/#/capture`);
  await expect(page.getByText("先换一个自己的密码")).toBeVisible();
  await page.getByLabel("现在的密码").fill(password);
  await page.getByLabel("新密码", { exact: true }).fill("Ganjing-2026-lu");
  await page.getByLabel("再输一遍新密码").fill("Ganjing-2026-lu");
  await page.getByRole("button", { name: "保存新密码" }).click();
  await expect(page.getByRole("heading", { name: "任务", level: 1 })).toBeVisible({ timeout: 15_000 });
});

test("a wrong password says so and keeps the name", async ({ page, service }) => {
  await page.goto(service.app);
  await page.getByLabel("用户名").fill("inspector01");
  await page.getByLabel("密码", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByText("用户名或密码不对")).toBeVisible();
  await expect(page.getByLabel("用户名")).toHaveValue("inspector01");
});

test("signing out forgets what the service said and keeps what is unsent", async ({ page, context, service }) => {
  await page.goto(service.app);
  await page.getByLabel("用户名").fill("inspector02");
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByRole("link", { name: "我的" }).click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await expect(page.getByLabel("用户名")).toBeVisible();
  await expect.poll(() => countKept(page, "answers")).toBe(0);
  // The device logs out at once and tells the service afterwards.
  await expect
    .poll(async () =>
      (await context.cookies()).filter((cookie) => cookie.name === "anfang_session" && cookie.value !== ""),
    )
    .toEqual([]);
});

test("a lost device is signed out from another one", async ({ page, open, service }) => {
  const lost = await open();
  await signIn(lost, service, "unit01");
  await signIn(page, service, "unit01");
  await page.goto(`${service.app}/#/sessions`);
  await expect(page.getByText("当前设备")).toBeVisible();
  const others = page.getByRole("button", { name: "强制下线" });
  await expect(others).toHaveCount(1);
  await others.click();
  await expect(page.getByText("那台设备须重新登录才能继续用。确定吗？")).toBeVisible();
  await page.getByRole("button", { name: "强制下线" }).click();
  await expect(others).toHaveCount(0);
  await expect(page.getByText("当前设备")).toBeVisible();
  await lost.goto(`${service.app}/#/all`);
  await expect(lost.getByRole("status").getByText("登录已失效，请重新登录")).toBeVisible();
  await lost.getByRole("link", { name: "重新登录" }).click();
  await expect(lost.getByLabel("密码", { exact: true })).toBeVisible();
});
