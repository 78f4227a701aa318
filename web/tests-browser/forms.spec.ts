// What is typed into the forms of the desk outlives a reload, another page and an ended session.
import type { Page } from "@playwright/test";
import { expect, signIn, test, typePassword } from "./service";
import { fitsWidth } from "./steps";

test.use({ viewport: { width: 1440, height: 900 } });

interface Form {
  address: string;
  /** What is pressed before the field is there; not needed again where the form was open. */
  opened?: string;
  field: string;
  words: string;
}
const PRESSED = "summary, button";
const FORMS: Record<string, Form[]> = {
  admin: [
    { address: "settings/users/new", field: "姓名（显示名）", words: "人员十二" },
    { address: "setup/unit/new", field: "单位名称", words: "县新区管委会" },
    { address: "setup/point/new", field: "点位名称", words: "禾丰农贸市场二期" },
    { address: "settings/limits", field: "督查机构名称", words: "县委县政府督查室" },
    { address: "setup/county", field: "督查机构名称", words: "清河县委督查室" },
  ],
  office01: [
    { address: "complaint", field: "想说什么", words: "列表里看不到社区名称" },
    { address: "settings/pairings", opened: "新增结对", field: "截止日期", words: "2099-12-31" },
    { address: "settings/calendar", opened: "修改工作时间、季节和时区", field: "工作时间", words: "09:00-12:00" },
    { address: "follow/cases", opened: "登记问责", field: "事由", words: "三次催办未整改" },
    { address: "plans/schedule", opened: "登记上级测评", field: "名称", words: "省级暗访" },
    { address: "plans/schedule", opened: "新建倒排工期", field: "名称", words: "迎检三十天" },
    { address: "plans/zones", opened: "划定一处", field: "经营品类", words: "早餐、瓜果" },
    { address: "months/rules", opened: "制定新版本", field: "依据文件", words: "清办发〔2026〕12号" },
    { address: "months/year/2026", opened: "登记年终调整", field: "理由", words: "省级通报表扬" },
  ],
};

async function shown(page: Page, origin: string, { address, opened, field }: Form) {
  // From another page, so that a form that is open here does not stay.
  await page.goto(`${origin}/#/me`);
  await page.goto(`${origin}/#/${address}`);
  const input = page.getByLabel(field, { exact: true }).first();
  const opener = page.locator(PRESSED).filter({ hasText: opened ?? "\u0000" });
  await expect(input.or(opener).first()).toBeVisible();
  if (!(await input.isVisible())) await opener.first().click();
  await expect(input).toBeVisible();
  return input;
}

for (const [user, forms] of Object.entries(FORMS)) {
  test(`${user} loses nothing that was typed, by a reload, another page or an ended session`, async ({
    page,
    service,
  }) => {
    test.setTimeout(180_000);
    await signIn(page, service, user);
    for (const form of forms) {
      await (await shown(page, service.app, form)).fill(form.words);
      await page.reload();
      await expect(await shown(page, service.app, form), form.address).toHaveValue(form.words);
      expect(await fitsWidth(page)).toBe(true);
    }
    // The session ends; whoever comes back finds all of it.
    await page.context().clearCookies();
    await page.goto(`${service.app}/#/login`);
    await page.reload();
    const name = page.getByLabel("用户名");
    if (await name.isEditable()) await name.fill(user);
    await typePassword(page);
    for (const form of forms) await expect(await shown(page, service.app, form), form.address).toHaveValue(form.words);
  });
}

test("what was sent is not there again", async ({ page, service }) => {
  await signIn(page, service, "admin");
  await page.goto(`${service.app}/#/setup/unit/new`);
  await page.getByLabel("单位名称").fill("县新区管委会");
  // Opened by its address, it proposes a code that is free.
  await expect(page.getByLabel("单位编码")).not.toHaveValue("U01");
  await page.getByLabel("区划代码").fill("990001");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page).not.toHaveURL(/unit\/new/);
  await page.goto(`${service.app}/#/setup/unit/new`);
  await expect(page.getByLabel("单位名称")).toHaveValue("");
});
