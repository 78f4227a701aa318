import type { Locator, Page } from "@playwright/test";
import { photoFile, settled, tabTo } from "./steps";
import { expect, PASSWORD, test } from "./service";
import type { Service } from "./service";

async function signInByKeyboard(page: Page, service: Service, user: string): Promise<void> {
  // From here on file dialogs are intercepted.
  page.on("filechooser", () => undefined);
  await page.goto(service.app);
  await tabTo(page, page.getByLabel("用户名"));
  await page.keyboard.type(user);
  await tabTo(page, page.getByLabel("密码", { exact: true }));
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await settled(page);
}

async function press(page: Page, target: Locator, key = "Enter"): Promise<void> {
  await expect(target).toBeVisible();
  await tabTo(page, target);
  await page.keyboard.press(key);
}

async function takePhoto(page: Page, number: number): Promise<void> {
  await tabTo(page, page.locator(".take-main input"));
  const chooser = page.waitForEvent("filechooser");
  await page.keyboard.press("Space");
  await (await chooser).setFiles(photoFile(900 + number));
  await expect(page.getByAltText(`第 ${number} 张照片`)).toBeVisible();
}

test("a report is filed without a mouse", async ({ page, service }) => {
  await signInByKeyboard(page, service, "inspector01");
  await press(page, page.getByRole("link", { name: "拍照上报" }));
  await expect(page.getByRole("heading", { name: "上报问题" })).toBeFocused();
  await takePhoto(page, 1);
  await press(page, page.locator("#report-item input[type=radio]:enabled").first(), "Space");
  await press(page, page.getByRole("button", { name: "保存", exact: true }));
  await expect(page.getByText("全部送达")).toBeVisible();
});

test("a unit reports its fix without a mouse", async ({ page, service }) => {
  const id = await service.seed("assigned");
  await service.act("unit01", id, "sign-in", {});
  await signInByKeyboard(page, service, "unit01");
  await press(page, page.getByRole("link", { name: "提交整改", exact: true }));
  await expect(page.getByRole("heading", { name: "提交整改" })).toBeFocused();
  await takePhoto(page, 1);
  await takePhoto(page, 2);
  await press(page, page.getByRole("radio", { name: "立行立改" }), "Space");
  await tabTo(page, page.getByLabel("整改措施"));
  await page.keyboard.type("Cleared");
  await press(page, page.getByRole("button", { name: "确认提交整改" }));
  await expect(page.getByText("“提交整改”已送达。")).toBeVisible();
});

test.describe("at a desk", () => {
  test.use({ viewport: { width: 1280, height: 860 } });

  test("the office reviews without a mouse", async ({ page, service }) => {
    const id = await service.seed("submitted");
    await signInByKeyboard(page, service, "office01");
    await press(page, page.getByRole("region", { name: "今日要办" }).getByRole("link", { name: "待审核" }));
    await press(page, page.getByRole("button", { name: "确认审核通过" }));
    await expect(page.getByText(/审核通过，已完成/)).toBeVisible();
    await expect
      .poll(async () => (await service.call<{ state: string }>("office01", "GET", `/issues/${id}`)).state)
      .toBe("sealed");
  });
});
