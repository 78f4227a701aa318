import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bringAxe, violations } from "./accessibility";
import { faketime } from "./county";
import { startProxy } from "./proxy";
import { callsOf, expect, PASSWORD, signIn, startBinary, test } from "./service";
import type { Service } from "./service";
import { fitsWidth, settled } from "./steps";

test("meeting", async ({ open }) => {
  test.setTimeout(900_000);
  const data = mkdtempSync(join(tmpdir(), "anfang-months-"));
  const { origin, stop } = await startBinary(
    ["demo", "--issues", "24", "--password", PASSWORD, "--listen", "127.0.0.1:0", "--data", data],
    { LD_PRELOAD: faketime() ?? "", FAKETIME: "@2026-12-01 01:30:00", FAKETIME_DONT_FAKE_MONOTONIC: "1", TZ: "UTC" },
  );
  const proxy = await startProxy(origin);
  const service: Service = { app: proxy.url, proxy, data, ...callsOf(origin) };
  try {
    const page = await open({ viewport: { width: 1920, height: 1080 } });
    await bringAxe(page.context());
    await signIn(page, service, "office01");
    await page.getByRole("link", { name: "月评", exact: true }).click();
    await page.getByRole("link", { name: "2026年11月" }).click();
    await page.getByRole("button", { name: "冻结数据" }).click();
    await page.getByRole("link", { name: "会议大屏" }).click();
    await expect(page.getByRole("heading", { name: "比拼拉练亮分 · 2026年11月" })).toBeVisible();
    await page.screenshot({ path: "/tmp/month-meeting-0.png" });
    await page.getByText("导入经济发展、社会治理得分").click();
    const names = await page.locator(".meeting-table tbody th").allTextContents();
    const rows = names.map((name, at) => `${name}\t${95 - at * 3.5}\t${60 + at * 5}`);
    await page.getByLabel("或从表格软件复制后粘贴").fill(["单位名称\t经济发展\t社会治理", ...rows, "县气象站\t1\t1"].join("\n"));
    await page.getByRole("button", { name: "导入", exact: true }).click();
    await expect(page.getByText("没有“县气象站”这个单位")).toBeVisible();
    await page.getByLabel("或从表格软件复制后粘贴").fill(["单位名称\t经济发展\t社会治理", ...rows].join("\n"));
    await page.getByRole("button", { name: "导入", exact: true }).click();
    await expect(page.locator(".meeting-bars")).toHaveCount(3);
    await page.reload();
    await expect(page.locator(".meeting-bars")).toHaveCount(3);
    await settled(page);
    await page.screenshot({ path: "/tmp/month-meeting-1.png" });
    console.log("axe", await violations(page), "fits", await fitsWidth(page));
    await page.emulateMedia({ media: "print" });
    await page.pdf({ path: "/tmp/month-meeting.pdf", format: "A4", landscape: true }).catch(() => undefined);
    await page.emulateMedia({ media: "screen" });
    await page.setViewportSize({ width: 360, height: 780 });
    await settled(page);
    await page.screenshot({ path: "/tmp/month-meeting-2.png", fullPage: true });
    console.log("fits", await fitsWidth(page));
    const unit = await open({ viewport: { width: 360, height: 780 } });
    await signIn(unit, service, "unit01");
    await unit.goto(`${service.app}/#/all`);
    await settled(unit);
    await unit.screenshot({ path: "/tmp/month-all.png" });
    console.log("fits all", await fitsWidth(unit));
    await unit.goto(`${service.app}/#/self`);
    await settled(unit);
    await unit.screenshot({ path: "/tmp/month-self.png" });
  } finally {
    await proxy.close();
    await stop();
    rmSync(data, { recursive: true, force: true });
  }
});
