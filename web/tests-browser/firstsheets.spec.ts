// The first day by workbooks: from an empty folder to the first released report, by browsers alone, with its steps
// counted.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator, Page } from "@playwright/test";
import { expect, PASSWORD, startBinary, test } from "./service";
import { fitsWidth, takePhotos } from "./steps";
import { workbook } from "./workbook";

const START = "Qinghe-2026-first";
const PHONE = { width: 360, height: 780 };
const DESK = { width: 1440, height: 900 };
type Rows = string[][];
const UNITS: Rows = [
  ["单位编码", "单位名称", "单位类型", "区划代码"],
  ["U01", "县城市管理局", "部门", "511723"],
  ["U02", "城关街道", "乡镇街道", "511723001"],
];
const PEOPLE: Rows = [
  ["用户名", "姓名", "角色", "责任单位"],
  ["office01", "督查一", "督查室", ""],
  ["office02", "督查二", "督查室", ""],
  ["inspector01", "白鹭", "暗访员", ""],
  ["unit01", "城管经办", "责任单位经办人", "县城市管理局"],
];
const POINTS: Rows = [
  ["点位编码", "点位名称", "点位类型", "创建项目", "主责单位", "属地单位", "地址"],
  ["511723-MKT-0001", "禾丰农贸市场", "农贸（集贸）市场", "文明城市", "县城市管理局", "城关街道", "禾丰路 22 号"],
];
const DAYS: Rows = [
  ["日期", "类型", "名称"],
  ["2027-02-09", "休", "春节"],
  ["2027-02-08", "休", "春节"],
];

/** What people do, counted. */
class Hands {
  presses = 0;
  fields = 0;
  characters = 0;
  files = 0;
  async press(what: Locator): Promise<void> {
    this.presses += 1;
    await what.click();
  }
  async write(field: Locator, text: string): Promise<void> {
    this.fields += 1;
    this.characters += text.length;
    await field.fill(text);
  }
  async give(page: Page, rows: Rows, kind: string, origin: string): Promise<void> {
    await this.press(page.getByRole("link", { name: new RegExp(`^用表格导入\\s*${kind}$`) }));
    this.files += 1;
    await page.locator("input[type=file]").setInputFiles(workbook(kind, rows));
    await this.press(page.getByRole("button", { name: `确认导入这 ${rows.length - 1} 行` }));
    await expect(page.getByText("已导入。", { exact: true })).toBeVisible();
    if (kind !== "用户账号") await page.goto(`${origin}/#/setup`);
  }
  /**
   * Minutes of somebody who knows what to type. Source: keystroke-level model (Card, Moran and Newell 1980): 1.1 s to
   * point, 0.2 s to press, 1.35 s to think of it, 0.28 s for a key; a file is chosen by four presses.
   */
  minutes(): number {
    const thought = this.presses + this.fields + this.files;
    return (thought * (1.35 + 1.1 + 0.2) + this.files * 3 * 1.3 + this.characters * 0.28) / 60;
  }
}

async function enter(hands: Hands, page: Page, origin: string, username: string, first: string): Promise<void> {
  await page.goto(origin);
  await hands.write(page.getByLabel("用户名"), username);
  await hands.write(page.getByLabel("密码", { exact: true }), first);
  await hands.press(page.getByRole("button", { name: "登录" }));
  await hands.write(page.getByLabel("现在的密码"), first);
  await hands.write(page.getByLabel("新密码", { exact: true }), PASSWORD);
  await hands.write(page.getByLabel("再输一遍新密码"), PASSWORD);
  await hands.press(page.getByRole("button", { name: "保存新密码" }));
  await expect(page.getByRole("button", { name: "保存新密码" })).toHaveCount(0);
  await expect(page.getByRole("navigation", { name: "主导航" })).toBeVisible();
}

test.use({
  viewport: DESK,
  geolocation: { latitude: 31.21025, longitude: 107.49035, accuracy: 8 },
  permissions: ["geolocation"],
});

test("a county is set up by workbooks, up to its first released report, and its steps are few", async ({
  page,
  open,
}, info) => {
  test.setTimeout(300_000);
  const data = mkdtempSync(join(tmpdir(), "anfang-sheets-"));
  const { origin, said, stop } = await startBinary(["serve", "--listen", "127.0.0.1:0", "--data", data]);
  const hands = new Hands();
  try {
    const code = /setup code 开通码 (\S+)\)/.exec(said)?.[1] ?? "";
    // The address that the service prints has the code in it.
    await page.goto(`${origin}/#/setup?code=${code}`);
    await hands.write(page.getByLabel("县（市、区）名称"), "清河县");
    await hands.write(page.getByLabel("管理员姓名"), "王管理");
    await hands.write(page.getByLabel("登录用户名"), "chief");
    await hands.write(page.getByLabel("登录密码"), START);
    await hands.write(page.getByLabel("再输一遍密码"), START);
    await hands.press(page.getByRole("button", { name: "建立账号，开始开通" }));
    await expect(page.getByRole("heading", { name: "开通清单" })).toBeVisible();
    const step = (name: string) => page.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });

    await hands.press(step("县区名称与工作时间").getByRole("link", { name: "核对" }));
    await hands.press(page.getByRole("button", { name: "核对无误，保存" }));
    await expect(step("县区名称与工作时间")).toContainText("已完成");
    await hands.press(step("创建项目与测评项").getByRole("link", { name: "勾选" }));
    await hands.press(page.getByLabel(/^文明城市/));
    await hands.press(page.getByRole("button", { name: "导入所选" }));
    await expect(page.getByText("已导入。", { exact: true })).toBeVisible();
    await page.goto(`${origin}/#/setup`);
    await hands.give(page, UNITS, "责任单位", origin);
    await hands.give(page, PEOPLE, "用户账号", origin);
    const passwords = new Map<string, string>();
    for (const row of await page.locator(".sheet tbody tr").all()) {
      const [name = "", password = ""] = await row.locator("td").allInnerTexts();
      passwords.set(name.trim(), password.trim());
    }
    expect([...passwords.keys()].sort()).toEqual(["inspector01", "office01", "office02", "unit01"]);
    await page.goto(`${origin}/#/setup`);
    await hands.give(page, POINTS, "点位", origin);
    await hands.give(page, DAYS, "工作日历", origin);
    expect(await fitsWidth(page)).toBe(true);
    for (const name of ["责任单位", "用户账号", "点位", "县区名称与工作时间"])
      await expect(step(name)).toContainText("已完成");

    // A phone reports, one of the office reviews, another hands it over, the unit has it.
    const phone = await open({ viewport: PHONE });
    await enter(hands, phone, origin, "inspector01", passwords.get("inspector01") ?? "");
    await expect(phone.getByText("禾丰农贸市场").first()).toBeVisible();
    await hands.press(phone.getByRole("link", { name: "拍照上报" }));
    await expect(phone).toHaveURL(/#\/report\//);
    await takePhotos(phone, [1, 2]);
    hands.presses += 4;
    await hands.press(phone.getByRole("button", { name: /^禾丰农贸市场/ }));
    await hands.press(phone.locator("#report-item .choice:has(input:enabled)").first());
    await hands.press(phone.getByRole("button", { name: "保存", exact: true }));
    const first = await open();
    await enter(hands, first, origin, "office01", passwords.get("office01") ?? "");
    await hands.press(first.locator('nav a[href^="#/queue"]').first());
    await expect(first.locator(".case-decision [type=submit]")).toBeEnabled({ timeout: 30_000 });
    await hands.press(first.locator(".case-decision [type=submit]"));
    const second = await open();
    await enter(hands, second, origin, "office02", passwords.get("office02") ?? "");
    await second.goto(`${origin}/#/queue?kind=release`);
    await expect(second.locator(".case-decision [type=submit]")).toBeEnabled({ timeout: 30_000 });
    await hands.press(second.locator(".case-decision [type=submit]"));
    const unit = await open({ viewport: PHONE });
    await enter(hands, unit, origin, "unit01", passwords.get("unit01") ?? "");
    await expect(unit.getByText("禾丰农贸市场").first()).toBeVisible({ timeout: 30_000 });

    const { presses, fields, characters, files } = hands;
    const steps = `${presses} presses, ${fields} fields with ${characters} characters, ${files} files`;
    const told = `${steps}: ${hands.minutes().toFixed(1)} minutes by the keystroke-level model`;
    info.annotations.push({ type: "first day", description: told });
    console.log(told);
    // Twenty minutes, of which most are left for gathering the sheets.
    expect(hands.minutes()).toBeLessThan(10);
  } finally {
    await stop();
    rmSync(data, { recursive: true, force: true });
  }
});
