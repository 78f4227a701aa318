// A month of a county: frozen, in preview, opened down to its rows, objected to, answered; days later decided, locked
// by two people and published. The test sets the service's clock for each part.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { bringAxe, violations } from "./accessibility";
import { faketime } from "./county";
import { startProxy } from "./proxy";
import { callsOf, expect, PASSWORD, signIn, startBinary, test } from "./service";
import type { Service } from "./service";
import { fitsWidth, settled } from "./steps";

/** The first working day after November, in the morning; and the Monday after the time for objections. */
const FREEZE = "@2026-12-01 01:30:00";
const DECISION = "@2026-12-07 01:30:00";
const DESK = { viewport: { width: 1440, height: 900 } };
/** Stands below the ranking, whoever has a rank. */
const METHOD = "按未取整的分值在同组内排名";
const PHONE = { viewport: { width: 360, height: 780 } };

async function serve(data: string, clock: string, command: string[]) {
  const { origin, stop } = await startBinary([...command, "--listen", "127.0.0.1:0", "--data", data], {
    LD_PRELOAD: faketime() ?? "",
    FAKETIME: clock,
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    TZ: "UTC",
  });
  const proxy = await startProxy(origin);
  const service: Service = { app: proxy.url, proxy, data, ...callsOf(origin) };
  return {
    service,
    end: async () => {
      await proxy.close();
      await stop();
    },
  };
}

/** The month's page, by the links that lead to it. */
async function toMonth(page: Page): Promise<void> {
  await page.getByRole("link", { name: "月评", exact: true }).click();
  await page.getByRole("link", { name: "2026年11月" }).click();
  await expect(page.getByRole("heading", { name: "2026年11月月评", level: 1 })).toBeVisible();
}

async function isSound(page: Page): Promise<void> {
  await settled(page);
  expect(await violations(page)).toEqual([]);
  expect(await fitsWidth(page)).toBe(true);
}

const current = (page: Page) => page.locator('.month-strip [aria-current="step"]');

test("a month goes from the freeze to a unit's rows, and from its objection to the lock by two", async ({ open }) => {
  test.skip(faketime() === undefined, "libfaketime is not installed");
  test.setTimeout(600_000);
  const data = mkdtempSync(join(tmpdir(), "anfang-months-"));
  try {
    const first = await serve(data, FREEZE, ["demo", "--issues", "80", "--password", PASSWORD]);
    try {
      const office = await open(DESK);
      await bringAxe(office.context());
      await signIn(office, first.service, "office01");
      await toMonth(office);
      await isSound(office);
      await office.getByRole("button", { name: "冻结数据" }).click();
      await office.getByRole("button", { name: "发起预公示" }).click();
      await expect(current(office)).toContainText("异议");
      await expect(office.getByRole("heading", { name: "等待责任单位核对" })).toBeVisible();
      await isSound(office);

      // The unit's card, a figure of it, and the issues behind that.
      await office.getByRole("link", { name: "县城市管理局" }).first().click();
      await expect(office.getByRole("heading", { name: "单位得分单" })).toBeVisible();
      await expect(office.getByText(/^得分 =/)).toBeVisible();
      await isSound(office);
      const handling = office.getByRole("link", { name: /^处置率/ });
      const [, whole] = /\/ (\d+)/.exec((await handling.textContent()) ?? "") ?? [];
      await handling.click();
      await expect(office.getByText(`共 ${whole} 条，已全部显示`)).toBeVisible();
      await isSound(office);
      await office.locator(".month-line a").first().click();
      await expect(office).toHaveURL(/#\/issue\//);

      // The unit objects to its score from its phone.
      const unit = await open(PHONE);
      await bringAxe(unit.context());
      await signIn(unit, first.service, "unit01");
      await unit.getByRole("link", { name: "全部", exact: true }).click();
      await unit.getByRole("link", { name: "月度" }).click();
      await toMonth(unit);
      await expect(unit.getByRole("heading", { name: /^C 长效保持/ })).toBeVisible();
      await isSound(unit);
      await unit.getByRole("button", { name: "对“总分”提出异议" }).click();
      await unit.getByLabel(/异议理由/).fill("已按期整改，照片已上传。");
      await unit.getByRole("button", { name: "提交异议" }).click();
      await expect(unit.getByText("异议待答复").first()).toBeVisible();
      await isSound(unit);

      await office.goto(`${first.service.app}/#/months/2026-11`);
      await expect(office.getByRole("heading", { name: "答复异议（1 件待答复）" })).toBeVisible();
      await office.getByText("答复这件异议").click();
      await office.getByRole("radio", { name: "异议不成立" }).check();
      await office.getByLabel("答复理由").fill("经核对，照片上传时已过时限。");
      await isSound(office);
      await office.getByRole("button", { name: "提交答复" }).click();
      await expect(office.getByRole("heading", { name: "等待责任单位核对" })).toBeVisible();
      await expect(office.getByText("经核对，照片上传时已过时限。")).toBeVisible();
    } finally {
      await first.end();
    }

    const later = await serve(data, DECISION, ["serve"]);
    try {
      const office = await open(DESK);
      await bringAxe(office.context());
      await signIn(office, later.service, "office01");
      await toMonth(office);
      await office.getByRole("button", { name: "裁定" }).click();
      await expect(office.getByRole("heading", { name: "锁定（须两人，待第一人）" })).toBeVisible();
      await office.getByLabel("我已核对排名与校验码，结果无误").check();
      await isSound(office);
      await office.getByRole("button", { name: "签字锁定" }).click();
      await expect(office.getByRole("heading", { name: "锁定（须两人，待另一人）" })).toBeVisible();
      await expect(office.getByRole("button", { name: "签字锁定" })).toHaveCount(0);

      const second = await open(DESK);
      await signIn(second, later.service, "office02");
      await toMonth(second);
      await expect(second.getByText("另一位工作人员已签字")).toBeVisible();
      await second.getByLabel("我已核对排名与校验码，结果无误").check();
      await second.getByRole("button", { name: "签字锁定" }).click();
      await second.getByLabel("通报文号").fill("督查通报〔2026〕11号");
      await second.getByRole("button", { name: "印发通报" }).click();
      await expect(second.getByText("通报文号：督查通报〔2026〕11号")).toBeVisible();

      const unit = await open(PHONE);
      await bringAxe(unit.context());
      await signIn(unit, later.service, "unit01");
      await unit.goto(`${later.service.app}/#/months/2026-11`);
      await expect(unit.getByText(METHOD)).toBeVisible();
      await expect(unit.getByRole("button", { name: /提出异议/ })).toHaveCount(0);
      // Another unit's scorecard is not its to read, so nothing leads there.
      await expect(unit.locator(".month-few li").first()).toBeVisible();
      await expect(unit.locator(".month-few a", { hasNotText: "县城市管理局" })).toHaveCount(0);
      await isSound(unit);
      const leader = await open(DESK);
      await signIn(leader, later.service, "leader01");
      await toMonth(leader);
      await expect(leader.getByText(METHOD)).toBeVisible();
    } finally {
      await later.end();
    }
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
