// A batch from its plan to its release, by two people of the office, with the service's clock at half past nine of a
// working day: so that the slot of the morning has begun when it is drawn.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { bringAxe, violations } from "./accessibility";
import { carryOut } from "./batches";
import { faketime } from "./county";
import { startProxy } from "./proxy";
import { binaryPath, callsOf, expect, PASSWORD, signIn, startBinary, test } from "./service";
import type { Service } from "./service";
import { fitsWidth, settled } from "./steps";

/** A Tuesday. */
const CLOCK = "2026-12-01 01:30:00";
const NOW = new Date("2026-12-01T01:40:00Z");
/** A page that is open follows what others do; it takes some seconds. */
const BY_ITSELF = { timeout: 30_000 };
const DESK = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 360, height: 780 } };

async function isSound(page: Page): Promise<void> {
  await settled(page);
  expect(await violations(page)).toEqual([]);
  expect(await fitsWidth(page)).toBe(true);
}

/** A picture of a page, where somebody wants to look at it. */
async function look(page: Page, name: string): Promise<void> {
  const { LOOK_AT } = process.env;
  if (LOOK_AT) await page.screenshot({ path: join(LOOK_AT, `${name}.png`), fullPage: true });
}

/** The same page at the width of a phone. */
async function lookSmall(page: Page, name: string): Promise<void> {
  await page.setViewportSize(PHONE.viewport);
  await isSound(page);
  await look(page, `${name}-phone`);
  await page.setViewportSize(DESK.viewport);
}

test("a batch goes from its plan to its release by two people, and its draw can be checked", async ({ open }) => {
  test.skip(faketime() === undefined, "libfaketime is not installed");
  test.setTimeout(300_000);
  const data = mkdtempSync(join(tmpdir(), "anfang-batches-"));
  const { origin, stop } = await startBinary(
    ["demo", "--issues", "0", "--password", PASSWORD, "--listen", "127.0.0.1:0", "--data", data],
    { LD_PRELOAD: faketime() ?? "", FAKETIME: `@${CLOCK}`, FAKETIME_DONT_FAKE_MONOTONIC: "1", TZ: "UTC" },
  );
  const proxy = await startProxy(origin);
  const service: Service = { app: proxy.url, proxy, data, ...callsOf(origin, () => NOW) };
  try {
    const first = await open(DESK);
    await bringAxe(first.context());
    await signIn(first, service, "office01");
    await first.getByRole("link", { name: "方案与批次" }).click();
    await expect(first.getByRole("heading", { name: "还没有暗访批次" })).toBeVisible();
    await isSound(first);
    await look(first, "1-beginning");
    await first.getByRole("link", { name: "拟订第一个方案" }).click();

    // What is typed outlives the page.
    await first.getByLabel("方案名称").fill("十二月第一批");
    await first.reload();
    await expect(first.getByLabel("方案名称")).toHaveValue("十二月第一批");
    await first.getByLabel("开始日期").fill("2026-12-01");
    await first.getByLabel("结束日期").fill("2026-12-04");
    // Refused at its field, and nothing is lost.
    await first.getByLabel("全域名额").fill("0");
    await first.getByRole("button", { name: "保存方案" }).click();
    await expect(first.getByLabel("全域名额")).toHaveAttribute("aria-invalid", "true");
    await expect(first.getByLabel("全域名额")).toBeFocused();
    await isSound(first);
    await look(first, "2-refused");
    await first.getByLabel("全域名额").fill("3");
    await expect(first.getByText("超出范围").first()).toBeVisible();
    await expect(first.getByRole("main")).not.toContainText("at least");
    await first.getByLabel("分摊名额").fill("0");
    await first.getByLabel("晚间至少").fill("0");
    await first.getByLabel("休息日至少").fill("0");
    // A slot is one line: its times, and the button that takes it away.
    const lines = await first
      .locator(".plan-band")
      .first()
      .locator("> *")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
    expect(new Set(lines).size).toBe(1);
    // All in the morning of the first day, which has begun.
    for (const day of ["12月2日", "12月3日", "12月4日"]) await first.getByRole("button", { name: day }).click();
    await first.getByRole("button", { name: "删除工作日白天第 2 段" }).click();
    await first.getByRole("button", { name: "删除工作日晚间第 1 段" }).click();
    await expect(first.getByText("共 1 个时段")).toBeVisible();
    await isSound(first);
    await look(first, "3-plan");
    await lookSmall(first, "3-plan");
    await first.getByRole("button", { name: "保存方案" }).click();
    await expect(first.getByRole("heading", { name: "十二月第一批", level: 1 })).toBeVisible();
    await expect(first.getByText(/个任务（名额 3）/)).toBeVisible();
    await isSound(first);
    await look(first, "4-draft");
    await lookSmall(first, "4-draft");

    // A colleague has the form open, too: neither overwrites the other unknowingly.
    const second = await open(DESK);
    await bringAxe(second.context());
    await signIn(second, service, "office02");
    await second.goto(first.url());
    await second.getByRole("link", { name: "修改方案" }).click();
    await second.getByLabel("方案名称").fill("十二月首批");
    await first.getByRole("link", { name: "修改方案" }).click();
    await first.getByLabel("方案名称").fill("十二月第一批暗访");
    await first.getByRole("button", { name: "保存方案" }).click();
    await expect(first.getByRole("heading", { name: "十二月第一批暗访", level: 1 })).toBeVisible();
    await second.getByRole("button", { name: "保存方案" }).click();
    await expect(second.getByText("不同之处：方案名称")).toBeVisible();
    await expect(second.getByLabel("方案名称")).toHaveValue("十二月首批");
    await isSound(second);
    await look(second, "5-conflict");
    await second.getByRole("button", { name: "改用同事的版本" }).click();
    await expect(second.getByLabel("方案名称")).toHaveValue("十二月第一批暗访");
    await second.getByRole("button", { name: "放弃修改" }).click();
    await second.getByRole("button", { name: "放弃修改" }).click();

    // Proposed by the first, sent back and approved by the second.
    await first.getByRole("button", { name: "提请批准" }).click();
    await expect(first.getByRole("heading", { name: "待另一人批准" })).toBeVisible();
    await expect(first.getByRole("button", { name: "批准", exact: true })).toHaveCount(0);
    await expect(second.getByRole("heading", { name: "待您批准" })).toBeVisible(BY_ITSELF);
    await second.getByRole("button", { name: "退回修改" }).click();
    await second.getByLabel("理由").fill("请说明名额依据。");
    await second.getByRole("button", { name: "退回修改" }).click();
    await expect(first.getByText("请说明名额依据。").first()).toBeVisible(BY_ITSELF);
    await first.getByRole("button", { name: "提请批准" }).click();
    await expect(second.getByLabel("批准文号")).toBeVisible(BY_ITSELF);
    await second.getByLabel("批准文号").fill("督查〔2026〕12号");
    await isSound(second);
    await look(second, "6-approve");
    await second.getByRole("button", { name: "批准", exact: true }).click();
    await expect(second.getByRole("heading", { name: "待您启动随机抽取" })).toBeVisible();
    const commitment = (await second.locator(".batch-now .digest").first().textContent()) ?? "";
    expect(commitment).toMatch(/^[0-9a-f]{64}$/);
    await expect(first.getByRole("heading", { name: "待批准人启动随机抽取" })).toBeVisible(BY_ITSELF);
    await look(first, "7-draw-other");

    // The discipline inspection has the commitment at once, and nothing else.
    const discipline = await open(DESK);
    await bringAxe(discipline.context());
    await signIn(discipline, service, "discipline01");
    await discipline.getByRole("link", { name: "抽取证明", exact: true }).click();
    await expect(discipline.getByText(commitment)).toBeVisible();
    await expect(discipline.getByText("十二月第一批暗访")).toHaveCount(0);
    await isSound(discipline);
    await discipline.getByRole("link", { name: "督查〔2026〕12号" }).click();
    await expect(discipline.getByText("在批次交办之前封存")).toBeVisible();
    await isSound(discipline);
    await look(discipline, "8-sealed");

    // The approver draws; what cannot be undone is asked once more.
    await second.getByRole("button", { name: "启动随机抽取" }).click();
    await expect(second.getByText("抽取只有一次")).toBeVisible();
    await second.getByRole("button", { name: "确认，不可撤回" }).click();
    await expect(second.getByText("您的浏览器抽取的随机数")).toBeVisible();
    await expect(second.getByRole("heading", { name: "进展" })).toBeVisible();
    await isSound(second);
    await look(second, "9-drawn");

    // The visits, by those who were drawn; the page of the batch follows by itself.
    expect(await carryOut(service, NOW)).toBe(3);
    await expect(second.getByRole("heading", { name: "有问题待审核" })).toBeVisible(BY_ITSELF);
    await isSound(second);
    await look(second, "10-to-review");
    await lookSmall(second, "10-to-review");

    // Its issue is reviewed by the second person, so that the first may release it.
    const batch = /batches\/([0-9a-f-]+)/.exec(second.url())?.[1] ?? "";
    const { items } = await service.call<{ items: { id: string }[] }>("office02", "GET", `/batches/${batch}/issues`);
    const { units } = await service.call<{ units: { id: string; code: string }[] }>("office02", "GET", "/reference");
    const unit = units.find(({ code }) => code === "U01")?.id;
    await service.act("office02", items[0]?.id ?? "", "approve", { unit_id: unit });
    await second.getByRole("button", { name: "确认审核完毕" }).click({ timeout: 30_000 });
    await expect(second.getByRole("heading", { name: "待他人交办（您是批准人）" })).toBeVisible();
    await expect(second.getByRole("button", { name: "批量交办" })).toHaveCount(0);
    await expect(first.getByRole("heading", { name: "待您批量交办" })).toBeVisible(BY_ITSELF);
    await isSound(first);
    await look(first, "11-release");
    await lookSmall(first, "11-release");
    await first.getByRole("button", { name: "批量交办" }).click();
    await first.getByRole("button", { name: "确认，不可撤回" }).click();
    await expect(first.getByRole("heading", { name: "已全部交办" })).toBeVisible();
    await expect(first.getByRole("heading", { name: "本批次交办的问题" })).toBeVisible();
    await look(first, "12-released");

    // What was seen, with its score.
    await first.getByRole("link", { name: "查看本批次暗访记录" }).click();
    await expect(first.locator(".batch-table tbody tr")).toHaveCount(3);
    await isSound(first);
    await look(first, "13-visits");
    await lookSmall(first, "13-visits");
    await first.locator(".batch-table tbody tr", { hasText: "不符合" }).getByRole("link").first().click();
    await expect(first.getByRole("heading", { name: /^逐项结果/ })).toBeVisible();
    await expect(first.getByRole("link", { name: "查看问题" })).toBeVisible();
    await isSound(first);
    await look(first, "14-visit");
    await lookSmall(first, "14-visit");

    // Now the discipline inspection follows the draw, and takes its proof away.
    await discipline.reload();
    await discipline.getByLabel("抄存的承诺码").fill(commitment.toUpperCase());
    await expect(discipline.getByText("一致：抽取池和规则")).toBeVisible();
    await discipline.getByRole("button", { name: "查阅抽取证明" }).click();
    await expect(discipline.getByText("完全一致")).toBeVisible();
    await isSound(discipline);
    await look(discipline, "15-proof");
    await lookSmall(discipline, "15-proof");
    const [download] = await Promise.all([
      discipline.waitForEvent("download"),
      discipline.getByRole("button", { name: "下载证明文件" }).click(),
    ]);
    const file = join(data, download.suggestedFilename());
    await download.saveAs(file);
    const command = (await discipline.locator(".batch-command").first().textContent()) ?? "";
    const words = command.replace(download.suggestedFilename(), file).split(" ").slice(1);
    expect(execFileSync(binaryPath(), words, { encoding: "utf8" })).toContain("THE SAME");
    // The approver's own half is what the browser kept.
    await second.getByRole("link", { name: "抽取证明", exact: true }).first().click();
    await second.getByRole("button", { name: "查阅抽取证明" }).click();
    await expect(second.getByText("与本机当时抽取并保存的随机数一致。")).toBeVisible();
    await second.goto(`${service.app}/#/batches?tab=released`);
    await expect(second.getByRole("link", { name: "十二月第一批暗访" })).toBeVisible();
    await isSound(second);
    await look(second, "16-list");
    await lookSmall(second, "16-list");
  } finally {
    await proxy.close();
    await stop();
    rmSync(data, { recursive: true, force: true });
  }
});

test("a batch that was approved is abandoned by two people", async ({ open, service }) => {
  const { approveBatch } = await import("./batches");
  const id = await approveBatch(service);
  const first = await open(DESK);
  await signIn(first, service, "office01");
  await first.goto(`${service.app}/#/batches/${id}`);
  await first.getByRole("button", { name: "撤销批次" }).click();
  await first.getByLabel("理由").fill("县里另有安排。");
  await first.getByRole("button", { name: "撤销批次" }).click();
  await first.getByRole("button", { name: "确认，不可撤回" }).click();
  await expect(first.getByText("须由另一人同意")).toBeVisible();
  await expect(first.getByRole("button", { name: "撤销批次" })).toHaveCount(0);
  const second = await open(DESK);
  await signIn(second, service, "office03");
  await second.goto(`${service.app}/#/batches/${id}`);
  await expect(second.getByText("县里另有安排。")).toBeVisible();
  await second.getByRole("button", { name: "撤销批次" }).click();
  await second.getByLabel("理由").fill("同意。");
  await second.getByRole("button", { name: "撤销批次" }).click();
  await second.getByRole("button", { name: "确认，不可撤回" }).click();
  await expect(second.getByRole("heading", { name: "已撤销" }).first()).toBeVisible();
});
