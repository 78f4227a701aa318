// Visits on a phone: filled in and sent without losing anything, whatever becomes of the page and the network.
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { bringAxe, violations } from "./accessibility";
import { jpeg } from "./jpeg";
import { launchPhone, newProfile } from "./phone";
import { atHome, fitsWidth, photoFile, settled } from "./steps";
import { countKept, enterPassword, expect, signIn, test, workerReady } from "./service";
import { beginSudden, choose, drawBatch, failItem, isKept, itemCard, itemsOf, storedVisits } from "./visiting";

const digest = (seed: number) => createHash("sha256").update(jpeg(seed)).digest("hex");

test("a visit without a network outlives killed browsers, and arrives once with its report and its photos", {
  tag: "@both",
}, async ({ service, breaches }) => {
  test.setTimeout(300_000);
  const [conforming = "", mostly = "", missing = "", failing = "", later = ""] = await itemsOf(service, "EST");
  const profile = newProfile();
  const first = await launchPhone(profile, service.app, breaches);
  await signIn(first.page, service, "inspector01");
  await workerReady(first.page);
  await atHome(first.page);
  await first.page.context().setOffline(true);
  await beginSudden(first.page);
  await choose(first.page, mostly, "mostly");
  await itemCard(first.page, mostly).getByRole("button", { name: "加照片" }).click();
  await itemCard(first.page, mostly).locator(".take-main input").setInputFiles(photoFile(901));
  await expect(first.page.getByAltText("第 1 张照片")).toBeVisible();
  await choose(first.page, missing, "not-applicable");
  await itemCard(first.page, missing).getByLabel("为什么不适用").fill("当天停业整修");
  await expect.poll(() => isKept(first.page, "当天停业整修")).toBe(true);
  await first.kill();

  // The service is down; the form opens again by itself, and what was filled in is there.
  await service.proxy.goDown();
  const second = await launchPhone(profile, service.app, breaches);
  await second.page.goto(service.app);
  await expect(second.page.getByText("已恢复上次没填完的内容。")).toBeVisible();
  await expect(second.page.getByText(/^已查 2\/\d+ 项$/)).toBeVisible();
  await expect(itemCard(second.page, missing).getByLabel("为什么不适用")).toHaveValue("当天停业整修");
  // The report of what fails is begun, and the phone kills the page in the middle of it.
  await choose(second.page, failing, "fails");
  await second.page.locator(".take-main input").setInputFiles(photoFile(902));
  await expect(second.page.getByAltText("第 1 张照片")).toBeVisible();
  await second.page.getByLabel("问题描述").fill("楼道堆放电动车");
  await expect.poll(() => isKept(second.page, "楼道堆放电动车")).toBe(true);
  await second.kill();

  const third = await launchPhone(profile, service.app, breaches);
  await third.page.goto(service.app);
  await expect(third.page.getByLabel("问题描述")).toHaveValue("楼道堆放电动车");
  await third.page.getByRole("button", { name: "保存", exact: true }).click();
  // From the report the way leads to the form of its visit, though that one was not open before.
  await expect(third.page.getByText(/^已查 3\/\d+ 项$/)).toBeVisible();
  await expect(itemCard(third.page, failing).getByText("待上传")).toBeVisible();
  // What was reported cannot be called conforming any more.
  await expect(itemCard(third.page, failing).getByRole("radio", { name: "符合", exact: true })).toBeDisabled();
  await third.page.getByRole("button", { name: /^其余 \d+ 项符合$/ }).click();
  await third.page.getByText("应知应会（选填）").click();
  await third.page.getByRole("radio", { name: "35—59岁" }).check({ force: true });
  await third.page.getByRole("button", { name: "答对几题，减一" }).click();
  await third.page.getByRole("button", { name: "记下这一位" }).click();
  await third.page.getByRole("button", { name: "完成", exact: true }).click();
  await expect(third.page.getByText("已保存在本机，会自动发送。")).toBeVisible();
  await expect(third.page.getByText("发现问题 1 件")).toBeVisible();
  await expect(third.page.getByText("这次没有发现问题")).toHaveCount(0);
  expect(await countKept(third.page, "outbox")).toBe(2);
  await third.kill();

  // The network is back and breaks one call in three; in the middle the phone dies once more.
  await service.proxy.comeBack();
  const fourth = await launchPhone(profile, service.app, breaches);
  await fourth.page.goto(`${service.app}/#/login`);
  service.proxy.misbehave({ seed: 16, oneIn: 3 });
  await expect(async () => {
    await enterPassword(fourth.page);
  }).toPass({ timeout: 60_000 });
  await fourth.page.goto(`${service.app}/#/outbox`);
  await expect.poll(async () => (await storedVisits(service)).length, { timeout: 60_000 }).toBe(1);
  await fourth.kill();
  service.proxy.misbehave(null);
  const fifth = await launchPhone(profile, service.app, breaches);
  await fifth.page.goto(`${service.app}/#/login`);
  await enterPassword(fifth.page);
  await fifth.page.goto(`${service.app}/#/outbox`);
  await expect(fifth.page.getByText("全部送达")).toBeVisible({ timeout: 60_000 });
  await fifth.kill();
  rmSync(profile, { recursive: true, force: true });

  const visits = await storedVisits(service);
  expect(visits).toHaveLength(1);
  const [visit] = visits;
  const resultOf = (code: string) => visit?.results.find((one) => one.item_code === code);
  expect(visit).toMatchObject({ point: { name: "禾苑小区" }, task: null, missing_photos: [] });
  expect(visit?.interviews).toEqual([{ age_band: "35-59", answered: 5, right: 4 }]);
  expect([conforming, later].map((code) => resultOf(code)?.result)).toEqual(["conforms", "conforms"]);
  expect(resultOf(mostly)).toMatchObject({ result: "mostly", photo_ids: [expect.any(String)] });
  expect(resultOf(missing)).toMatchObject({ result: "not-applicable", note: "当天停业整修" });
  expect(visit?.results).toHaveLength((await itemsOf(service, "EST")).length);
  const { items: issues } = await service.call<{ items: { id: string }[] }>("office01", "GET", "/issues?limit=200");
  expect(issues.map(({ id }) => id)).toEqual([resultOf(failing)?.issue_id]);
  const issue = await service.call<{
    visit_id: string;
    state: string;
    description: string;
    photos: { sha256: string }[];
  }>("office01", "GET", `/issues/${issues[0]?.id ?? ""}`);
  expect(issue).toMatchObject({ visit_id: visit?.id, state: "submitted", description: "楼道堆放电动车" });
  expect(issue.photos.map(({ sha256 }) => sha256)).toEqual([digest(902)]);
});

test("a task that begins without a network is there when there is one, and is carried out with nothing found", async ({
  page,
  context,
  service,
}) => {
  await signIn(page, service, "inspector01");
  await workerReady(page);
  await atHome(page);
  const tasks = page.getByRole("region", { name: "暗访任务" });
  await expect(tasks.getByText("现在没有任务。")).toBeVisible();
  await context.setOffline(true);
  const batch = await drawBatch(service);
  await page.reload();
  await atHome(page);
  // The same words as if there were none.
  await expect(tasks.getByText("现在没有任务。")).toBeVisible();
  await expect(tasks.getByRole("link")).toHaveCount(0);
  await context.setOffline(false);
  const begin = tasks.getByRole("link", { name: "开始暗访" });
  await expect(begin).toBeVisible({ timeout: 30_000 });
  await expect(tasks.getByText("还有 1 个")).toBeVisible();
  await expect(tasks.getByRole("link", { name: "导航" })).toHaveAttribute("href", /^https:\/\/uri\.amap\.com\/marker/);

  // What it needs is on the phone.
  await context.setOffline(true);
  await page.reload();
  await begin.click();
  await expect(page.getByText("任务", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "全部符合" }).click();
  // Begun, it is gone on with, and not begun twice.
  await page.goto(`${service.app}/#/points`);
  await tasks.getByRole("link", { name: "继续暗访" }).click();
  await page.getByRole("button", { name: "完成", exact: true }).click();
  await expect(page.getByText("这次没有发现问题")).toBeVisible();
  await expect(page.getByText("没有问题也是暗访结果，同样记录在案。")).toBeVisible();
  await page.getByRole("link", { name: "回到任务" }).click();
  await expect(tasks.getByRole("link", { name: "已填完，等待发送" })).toBeVisible();
  await context.setOffline(false);
  await expect(tasks.getByText("现在没有任务。")).toBeVisible({ timeout: 30_000 });
  const visits = await storedVisits(service);
  expect(visits.map(({ task }) => task?.batch_id)).toEqual([batch]);
  expect(visits[0]?.results.every(({ result }) => result === "conforms")).toBe(true);
  // How the point is judged by it, its inspector is not told.
  await page.getByRole("link", { name: /待上传/ }).click();
  await page.getByRole("link", { name: "查看" }).click();
  await expect(page.getByText("这次没有发现问题")).toBeVisible();
  await expect(page.getByRole("main")).not.toContainText("100");
});

test("a task is gone when its slot is over, without a network too", async ({ page, context, service }) => {
  await signIn(page, service, "inspector02");
  await atHome(page);
  await drawBatch(service);
  await page.reload();
  const tasks = page.getByRole("region", { name: "暗访任务" });
  await expect(tasks.getByRole("link", { name: "开始暗访" })).toBeVisible();
  await context.setOffline(true);
  await page.clock.setFixedTime(Date.now() + 25 * 3_600_000);
  await page.getByRole("link", { name: "记录" }).click();
  await page.getByRole("link", { name: "任务", exact: true }).click();
  await expect(tasks.getByText("现在没有任务。")).toBeVisible();
});

test("a visit whose task is over goes as a sudden one, and a report of a saved visit can be taken back", async ({
  page,
  context,
  service,
}) => {
  const [, , , failing = ""] = await itemsOf(service, "EST");
  await signIn(page, service, "inspector01");
  await atHome(page);
  const id = await drawBatch(service);
  await page.reload();
  await page.getByRole("link", { name: "开始暗访" }).click({ timeout: 60_000 });
  await page.getByRole("button", { name: "全部符合" }).click();
  await context.setOffline(true);
  await page.getByRole("button", { name: "完成", exact: true }).click();
  // Two people abandon the batch meanwhile.
  for (const user of ["office01", "office02"]) {
    const { version } = await service.call<{ version: number }>("office01", "GET", `/batches/${id}`);
    const headers = { "If-Match": `"${version}"` };
    await service.call(user, "POST", `/batches/${id}/actions/abandon`, { reason: "天气" }, headers);
  }
  await page.getByRole("link", { name: "待上传" }).click();
  await context.setOffline(false);
  await page.getByRole("button", { name: "作为突击暗访送出" }).click();
  await expect(page.getByText("全部送达")).toBeVisible();
  expect((await storedVisits(service)).map(({ task }) => task)).toEqual([null]);

  // Its report is changed while both wait, and the visit has the changed one.
  await page.goto(`${service.app}/#/points`);
  await context.setOffline(true);
  await beginSudden(page);
  await failItem(page, failing, [911], "旧的说法");
  await page.getByRole("button", { name: /^其余/ }).click();
  await page.getByRole("button", { name: "完成", exact: true }).click();
  await page.getByRole("link", { name: "待上传" }).click();
  const card = page.getByRole("article").filter({ hasNotText: "暗访记录" }).filter({ hasText: "禾苑小区" });
  await expect(page.getByText(/^等这次暗访中的问题先报到督查室/)).toBeVisible();
  await card.getByRole("button", { name: "修改" }).click();
  await page.getByLabel("问题描述").fill("新的说法");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page).toHaveURL(/outbox/);
  await context.setOffline(false);
  await page
    .getByRole("button", { name: "现在全部上传" })
    .click({ timeout: 5_000 })
    .catch(() => undefined);
  await expect(page.getByText("全部送达")).toBeVisible({ timeout: 60_000 });
  const sudden = (await storedVisits(service)).find(({ results }) => results.some((one) => one.issue_id));
  const issue = sudden?.results.find((one) => one.issue_id)?.issue_id ?? "";
  const { description } = await service.call<{ description: string }>("office01", "GET", `/issues/${issue}`);
  expect(description).toBe("新的说法");
});

for (const choices of [{}, { theme: "dark" }, { size: "xl" }, { size: "xl", theme: "dark" }])
  test(`every step of a visit passes the accessibility rules and fits 320 pixels, ${JSON.stringify(choices)}`, async ({
    open,
    service,
  }) => {
    const [, mostly = "", missing = "", failing = ""] = await itemsOf(service, "EST");
    const page = await open({ viewport: { width: 320, height: 1_600 } });
    await bringAxe(page.context());
    await page.addInitScript((kept) => localStorage.setItem("choices", JSON.stringify(kept)), choices);
    await signIn(page, service, "inspector01");
    await atHome(page);
    await drawBatch(service);
    await page.reload();
    await expect(page.getByRole("link", { name: "开始暗访" })).toBeVisible({ timeout: 60_000 });
    const look = async (what: string) => {
      await settled(page);
      expect.soft(await violations(page), what).toEqual([]);
      expect.soft(await fitsWidth(page), `${what} fits`).toBe(true);
      const small = await page
        .locator("button:visible, a.button:visible, .take:visible, .choice:visible")
        .evaluateAll((all) =>
          // What left the page since it was found has no height.
          all.filter((one) => one.isConnected && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML),
        );
      expect.soft(small, what).toEqual([]);
    };
    await look("tasks");
    await beginSudden(page);
    await look("empty form");
    await choose(page, mostly, "mostly");
    await itemCard(page, mostly).getByRole("button", { name: "加照片" }).click();
    await choose(page, missing, "not-applicable");
    await page.getByText("应知应会（选填）").click();
    await page.getByRole("radio", { name: "35—59岁" }).check({ force: true });
    await page.getByRole("button", { name: "记下这一位" }).click();
    await page.getByRole("button", { name: "完成", exact: true }).click();
    await expect(page.getByText("写明为什么不适用")).toBeVisible();
    await look("form with faults");
    await itemCard(page, mostly).getByRole("button", { name: "已当场提醒" }).click();
    await itemCard(page, missing).getByRole("button", { name: "当天没有开放" }).click();
    await choose(page, failing, "fails");
    await expect(page.getByRole("heading", { name: "上报问题" })).toBeVisible();
    await page.goBack();
    await expect(page.getByText("还没有上报")).toBeVisible();
    await look("form with a missing report");
    await failItem(page, failing, [921], "楼道堆物");
    await page.getByRole("button", { name: /^其余/ }).click();
    await look("filled in");
    await page.getByRole("button", { name: "完成", exact: true }).click();
    await expect(page.getByText("发现问题 1 件")).toBeVisible();
    await look("done");
    await page.getByRole("link", { name: "待上传" }).click();
    await look("outbox");
  });
