import { jpeg } from "./jpeg";
import { expect, signIn, test } from "./service";

const file = (seed: number) => ({ name: "photo.jpg", mimeType: "image/jpeg", buffer: Buffer.from(jpeg(seed)) });

test("a unit signs in for an issue and reports the fix, the fix without a network", { tag: "@both" }, async ({
  page,
  context,
  service,
}) => {
  const id = await service.seed("assigned");
  await signIn(page, service, "unit01");
  await page.locator(`a[href="#/issue/${id}/sign-in"]`).click();
  await page.getByLabel("整改责任人").fill("李建国");
  await page.getByRole("button", { name: "确认签收" }).click();
  await expect(page.getByText("“签收”已送达。")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText("李建国")).toBeVisible();

  await page.getByRole("link", { name: "提交整改" }).click();
  await context.setOffline(true);
  await page.locator(".take-main input").setInputFiles(file(501));
  await expect(page.getByAltText("第 1 张照片")).toBeVisible();
  await page.locator(".take-main input").setInputFiles(file(502));
  await expect(page.getByAltText("第 2 张照片")).toBeVisible();
  await page.getByRole("radio", { name: "立行立改" }).check({ force: true });
  await page.getByLabel("整改措施").fill("已清理楼道");
  await page.getByRole("button", { name: "确认提交整改" }).click();
  await expect(page.getByText("这一步已保存在本机：")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("“提交整改”已送达。")).toBeVisible({ timeout: 30_000 });
  const issue = await service.call<{ state: string; photos: { stage: string }[] }>("office01", "GET", `/issues/${id}`);
  expect(issue.state).toBe("reported");
  expect(issue.photos.filter((photo) => photo.stage === "fix")).toHaveLength(2);
});

test("what somebody else did meanwhile is said, and the input is kept", async ({ page, context, service }) => {
  const id = await service.seed("assigned");
  await signIn(page, service, "unit01");
  await page.goto(`${service.app}/#/issue/${id}/dispute`);
  await page.getByLabel("理由").fill("照片不是本单位辖区");
  await context.setOffline(true);
  await page.getByRole("button", { name: "确认提出异议" }).click();
  await expect(page.getByText("这一步已保存在本机：")).toBeVisible();
  await service.act("unit01", id, "sign-in", {});
  await context.setOffline(false);
  await expect(page.getByText("内容已被他人更新")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole("region", { name: "在您查看之后：" }).getByText("签收")).toBeVisible();
  await page.getByRole("button", { name: "按最新情况再提交" }).click();
  await expect(page.getByText("“提出异议”已送达。")).toBeVisible({ timeout: 30_000 });
});

test("a fix that waits for its check is not called late, whatever the clock says", async ({ page, service }) => {
  const id = await service.seed("reported");
  await signIn(page, service, "unit01");
  // Months later, as far as this device knows.
  await page.clock.setFixedTime(Date.now() + 90 * 86_400_000);
  await page.goto(`${service.app}/#/issue/${id}`);
  await expect(page.getByText(/^已于 .+ 提交，等待核查$/)).toBeVisible();
  await expect(page.getByText(/^超期/)).toHaveCount(0);
});
