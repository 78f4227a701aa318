import { drawBatch, beginSudden, choose, failItem, itemsOf, itemCard } from "./visiting";
import { atHome, settled } from "./steps";
import { expect, signIn, test } from "./service";

for (const [name, size, choices] of [
  ["phone", { width: 360, height: 780 }, {}],
  ["desk", { width: 1440, height: 900 }, {}],
  ["narrow", { width: 320, height: 700 }, { size: "xl", theme: "dark" }],
] as const)
  test(`shots ${name}`, async ({ open, service }) => {
    const page = await open({ viewport: size });
    await page.addInitScript((kept) => localStorage.setItem("choices", JSON.stringify(kept)), {
      ...choices,
      isHintHidden: true,
    });
    const shot = (what: string, fullPage = false) =>
      page.screenshot({ path: `/tmp/shots/${name}-${what}.png`, fullPage });
    await signIn(page, service, "inspector01");
    await atHome(page);
    await settled(page);
    await shot("empty");
    await drawBatch(service);
    await page.reload();
    await expect(page.getByRole("link", { name: "开始暗访" })).toBeVisible();
    await settled(page);
    await shot("tasks");
    const codes = await itemsOf(service, "EST");
    await page.getByRole("region", { name: "附近点位" }).getByText("禾苑小区", { exact: true }).click();
    await settled(page);
    await shot("point");
    await page.goBack();
    await beginSudden(page);
    await shot("form");
    await page.getByRole("button", { name: "全部符合" }).click();
    await choose(page, codes[1] ?? "", "mostly");
    await choose(page, codes[2] ?? "", "not-applicable");
    await page.getByRole("button", { name: "完成", exact: true }).click();
    await itemCard(page, codes[1] ?? "")
      .getByRole("button", { name: "个别地方不到位" })
      .click();
    await shot("faults");
    await itemCard(page, codes[2] ?? "")
      .getByRole("button", { name: "现场没有这类设施" })
      .click();
    await choose(page, codes[3] ?? "", "fails");
    await expect(page.getByRole("heading", { name: "上报问题" })).toBeVisible();
    await shot("report");
    await page.goBack();
    await expect(page.getByText("还没有上报")).toBeVisible();
    await shot("missing");
    await failItem(page, codes[3] ?? "", [1], "楼道堆物");
    await shot("back");
    await page.getByText("应知应会（选填）").click();
    await page.locator("summary").scrollIntoViewIfNeeded();
    await shot("full", true);
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "完成", exact: true }).click();
    await expect(page.getByRole("heading", { name: "暗访记录" })).toBeVisible();
    await shot("done", true);
    await page.getByRole("link", { name: "待上传" }).first().click();
    await shot("outbox", true);
    await page.context().setOffline(false);
    await page.goto(`${service.app}/#/points`);
    await beginSudden(page);
    await page.getByRole("button", { name: "全部符合" }).click();
    await page.getByRole("button", { name: "完成", exact: true }).click();
    await expect(page.getByText("这次没有发现问题")).toBeVisible();
    await shot("nothing", true);
  });
