import { expect, signIn, test } from "./service";

test.use({ viewport: { width: 1280, height: 860 } });

test("the office reviews a report, and after the fix closes the issue", { tag: "@both" }, async ({ page, service }) => {
  const reported = await service.seed("reported");
  const submitted = await service.seed("submitted");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=review&id=${submitted}`);
  await page.getByRole("button", { name: "确认审核通过" }).click();
  await expect(page.getByText(/审核通过，已完成/)).toBeVisible();
  await expect.poll(async () => (await service.call<{ state: string }>("office01", "GET", `/issues/${submitted}`)).state).toBe("sealed");

  await page.goto(`${service.app}/#/queue?kind=check&id=${reported}`);
  await expect(page.getByText("滑动对比")).toBeVisible();
  await page.getByRole("radio", { name: "到了现场" }).check({ force: true });
  await page.getByRole("button", { name: "确认核查通过" }).click();
  await expect(page.getByText(/核查通过，已完成/)).toBeVisible();
  await expect.poll(async () => (await service.call<{ state: string }>("office01", "GET", `/issues/${reported}`)).state).toBe("closed");
});

test("a decision on an old version says what changed and keeps the input", async ({ page, service }) => {
  const id = await service.seed("reported");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issue/${id}`);
  await page.getByRole("button", { name: "退回重办" }).click();
  await page.getByLabel("理由").fill("角落没有清理");
  const [inspector] = (await service.call<{ items: { id: string }[] }>("office01", "GET", "/inspectors")).items;
  await service.act("office02", id, "assign-check", { inspector_id: inspector?.id });
  await page.getByRole("button", { name: "确认退回重办" }).click();
  await expect(page.getByText("内容已被他人更新")).toBeVisible();
  await expect(page.getByLabel("理由")).toHaveValue("角落没有清理");
  await expect(page.locator(".timeline").getByText("指派核查")).toBeVisible();
  await page.getByRole("button", { name: "确认退回重办" }).click();
  await expect(page.getByText(/退回重办，已完成/)).toBeVisible();
});

test("the list keeps its filters in the address and opens by the keyboard", async ({ page, service }) => {
  await service.seed("assigned");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issues`);
  await page.getByLabel("状态").selectOption("assigned");
  await expect(page).toHaveURL(/state=assigned/);
  await expect(page.locator("tbody tr").first()).toContainText("待签收");
  await page.reload();
  await expect(page.getByLabel("状态")).toHaveValue("assigned");
  await page.locator("h1").click();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/issue\//);
});
