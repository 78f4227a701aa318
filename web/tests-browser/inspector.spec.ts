import { createHash } from "node:crypto";
import { jpeg } from "./jpeg";
import { countKept, enterPassword, expect, signIn, test, workerReady } from "./service";

const file = (seed: number, padding = 0) => ({
  name: "photo.jpg",
  mimeType: "image/jpeg",
  buffer: Buffer.from(jpeg(seed, padding)),
});
const camera = (page: import("@playwright/test").Page) => page.locator(".take-main input");
interface Stored {
  id: string;
  state: string;
  photos: { sha256: string; view: string }[];
}

test("a report made without a network is delivered exactly once", { tag: "@both" }, async ({
  page,
  context,
  service,
}) => {
  await signIn(page, service, "inspector01");
  await expect(page.getByText("禾苑小区", { exact: true })).toBeVisible();
  await workerReady(page);
  await page.reload();
  await expect(page.getByText("禾苑小区", { exact: true })).toBeVisible();
  const before = (await service.call<{ items: Stored[] }>("office01", "GET", "/issues?limit=200")).items.length;

  await context.setOffline(true);
  await page.getByRole("link", { name: "拍照上报" }).click();
  await camera(page).setInputFiles(file(101, 700_000));
  await expect(page.getByAltText("第 1 张照片")).toBeVisible();
  await camera(page).setInputFiles(file(102));
  await expect(page.getByAltText("第 2 张照片")).toBeVisible();
  await page.locator("#report-item .choice:has(input:enabled)").first().click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("已保存在本机，会自动发送。")).toBeVisible();

  // The app opens again without a server, and what was saved is still there.
  await page.reload();
  await expect(page.getByRole("main").getByText("1 条未送达")).toBeVisible();

  await context.setOffline(false);
  await expect(page.getByText("全部送达")).toBeVisible({ timeout: 30_000 });
  await page.reload();
  await expect(page.getByText("全部送达")).toBeVisible();

  const { items } = await service.call<{ items: Stored[] }>("office01", "GET", "/issues?limit=200");
  expect(items.length - before).toBe(1);
  const issue = await service.call<Stored>("office01", "GET", `/issues/${items[0]?.id ?? ""}`);
  expect(issue.state).toBe("submitted");
  const digests = [jpeg(101, 700_000), jpeg(102)].map((bytes) => createHash("sha256").update(bytes).digest("hex"));
  expect(issue.photos.map((photo) => photo.sha256).sort()).toEqual(digests.sort());
  expect(issue.photos.map((photo) => photo.view).sort()).toEqual(["far", "near"]);
});

test("a draft comes back after the phone has killed the page", async ({ page, service }) => {
  await signIn(page, service, "inspector03");
  await page.getByRole("link", { name: "拍照上报" }).click();
  await camera(page).setInputFiles(file(201));
  await expect(page.getByAltText("第 1 张照片")).toBeVisible();
  await page.getByLabel("问题描述").fill("消防栓被遮挡");
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          new Promise<string>((resolve) => {
            const open = indexedDB.open("anfang");
            open.onsuccess = () => {
              const all = open.result.transaction("drafts").objectStore("drafts").getAll();
              all.onsuccess = () => {
                open.result.close();
                resolve((all.result as { fields: { description: string } }[])[0]?.fields.description ?? "");
              };
            };
          }),
      ),
    )
    .toBe("消防栓被遮挡");
  await page.goto("about:blank");
  await page.goto(service.app);
  await expect(page.getByText("已恢复上次没填完的内容。")).toBeVisible();
  await expect(page.getByLabel("问题描述")).toHaveValue("消防栓被遮挡");
  await expect(page.getByAltText("第 1 张照片")).toBeVisible();
});

test("one record that the service refuses does not hold up another", async ({ page, context, service }) => {
  await signIn(page, service, "inspector01");
  await expect(page.getByText("禾苑小区", { exact: true })).toBeVisible();
  await context.setOffline(true);
  for (const seed of [301, 302]) {
    await page.getByRole("link", { name: "拍照上报" }).click();
    await camera(page).setInputFiles(file(seed));
    await expect(page.getByAltText("第 1 张照片")).toBeVisible();
    await page.locator("#report-item .choice:has(input:enabled)").first().click();
    await page.getByRole("button", { name: "保存", exact: true }).click();
    await expect(page.getByText("已保存在本机，会自动发送。")).toBeVisible();
  }
  let refused = 0;
  await page.route("**/api/v1/issues/*", (route) => {
    if (route.request().method() !== "PUT" || refused > 0) return route.continue();
    refused += 1;
    return route.fulfill({
      status: 422,
      contentType: "application/problem+json",
      body: JSON.stringify({
        code: "invalid-fields",
        status: 422,
        request_id: "r1",
        errors: [{ pointer: "/item_code", code: "unknown", detail: "" }],
      }),
    });
  });
  await context.setOffline(false);
  await expect(page.getByText("1 条需要您处理")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText("有内容填写不对")).toBeVisible();
  await page.getByRole("button", { name: "重试" }).click();
  await expect(page.getByText("全部送达")).toBeVisible({ timeout: 30_000 });
});

test("an ended session keeps the records and goes on after signing in", async ({ page, context, service }) => {
  await signIn(page, service, "inspector01");
  await expect(page.getByText("禾苑小区", { exact: true })).toBeVisible();
  await context.clearCookies();
  await page.getByRole("link", { name: "拍照上报" }).click();
  await camera(page).setInputFiles(file(401));
  await expect(page.getByAltText("第 1 张照片")).toBeVisible();
  await page.locator("#report-item .choice:has(input:enabled)").first().click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await page.getByRole("link", { name: "重新登录" }).click();
  await enterPassword(page);
  await page.getByRole("link", { name: /待上传/ }).click();
  await expect(page.getByText("全部送达")).toBeVisible({ timeout: 30_000 });
});

test("a check is done without a network, with the earlier photo at hand", async ({ page, context, service }) => {
  const id = await service.seed("reported");
  const { items } = await service.call<{ items: { id: string; display_name: string }[] }>(
    "office01",
    "GET",
    "/inspectors",
  );
  await service.act("office01", id, "assign-check", {
    inspector_id: items.find((person) => person.display_name.endsWith("01"))?.id,
  });
  await signIn(page, service, "inspector01");
  await expect(page.getByText("我的任务（1）")).toBeVisible();
  await workerReady(page);
  // Earlier photos are cached when there is time.
  await expect.poll(() => countKept(page, "pictures")).toBe(4);

  await context.setOffline(true);
  await page.reload();
  await page.getByRole("link", { name: /待核查/ }).click();
  await expect(page.getByText("提交整改")).toBeVisible();
  await page.getByRole("link", { name: "核查通过" }).click();
  const earlier = page.getByAltText("原来").first();
  await expect(earlier).toBeVisible();
  await expect.poll(() => earlier.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await camera(page).setInputFiles(file(601));
  await expect(page.getByText("叠在一起")).toBeVisible();
  await page.getByRole("button", { name: "确认核查通过" }).click();
  await expect(page.getByText("“核查通过”已保存在本机")).toBeVisible();
  await context.setOffline(false);
  await expect(page.getByText("核查通过，问题已销号。")).toBeVisible({ timeout: 30_000 });
  await expect
    .poll(async () => (await service.call<{ state: string }>("office01", "GET", `/issues/${id}`)).state)
    .toBe("closed");
});

test("a look-back says what came of it, though its issue can no longer be read", async ({ page, service }) => {
  const { items } = await service.call<{ items: { id: string; display_name: string }[] }>(
    "office01",
    "GET",
    "/inspectors",
  );
  const inspector_id = items.find((person) => person.display_name.endsWith("01"))?.id;
  const ids = [await service.seed("reported"), await service.seed("reported")];
  for (const id of ids) {
    await service.act("office01", id, "pass", { on_site: true, note: "已到现场" });
    await service.act("office01", id, "assign-look-back", { inspector_id });
  }
  await signIn(page, service, "inspector01");
  await expect(page.getByText("我的任务（2）")).toBeVisible();
  for (const [at, said] of ["保持", "问题反弹"].entries()) {
    await page.goto(`${service.app}/#/issue/${ids[at]}`);
    await page.getByRole("link", { name: "回头看", exact: true }).click();
    await page.getByRole("radio", { name: said, exact: true }).check({ force: true });
    await camera(page).setInputFiles(file(611 + at));
    await expect(page.getByAltText("第 1 张照片")).toBeVisible();
    await page.getByRole("button", { name: "确认回头看" }).click();
    await expect(page.getByText(at === 0 ? "整改成效保持" : "已另立新问题").first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("alert")).toHaveCount(0);
    // Whoever comes back to the old address is told so, and not that something is wrong.
    await page.goto(`${service.app}/#/issue/${ids[at]}`);
    await expect(page.getByText("这项任务已完成，不再显示详情。")).toBeVisible();
    await expect(page.getByRole("alert")).toHaveCount(0);
  }
  await page.getByRole("button", { name: "返回" }).click();
});

test("a place says where it is, and what was reported there and is not done", async ({ page, service, open }) => {
  await service.seed("submitted");
  await signIn(page, service, "inspector02");
  await page.getByText("禾苑小区", { exact: true }).click();
  await expect(page.getByRole("heading", { name: "禾苑小区" })).toBeVisible();
  const map = page.getByRole("img", { name: "禾苑小区的位置示意图" });
  // The middle has the mark of the place, a corner plain background.
  await expect
    .poll(() =>
      map.evaluate((canvas: HTMLCanvasElement) => {
        const at = (x: number, y: number) => canvas.getContext("2d")?.getImageData(x, y, 1, 1).data.join();
        return at(canvas.width / 2, canvas.height / 2) !== at(2, 2);
      }),
    )
    .toBe(true);
  const here = page.locator("section").filter({ hasText: "我在这里报过、还没办结的" });
  await expect(here.getByRole("link")).toHaveCount(1);
  await here.getByRole("link").click();
  await expect(page.getByText("待审核").first()).toBeVisible();

  const other = await open();
  await signIn(other, service, "inspector01");
  await other.getByText("禾苑小区", { exact: true }).click();
  await expect(other.locator("section").filter({ hasText: "我在这里报过" }).getByText("没有。")).toBeVisible();
  // Colleagues are told that it is known, and not by whom.
  const known = other.locator("section").filter({ hasText: "同事报过、还没办结的" });
  await expect(known.getByText("1 件，督查室还没交办")).toBeVisible();
  await expect(known.getByRole("link")).toHaveCount(0);
});

test("what people see every day is chosen at one tap, and made exact where there are several", async ({
  page,
  service,
}) => {
  await signIn(page, service, "inspector01");
  await page.getByRole("link", { name: "拍照上报" }).click();
  await camera(page).setInputFiles(file(301));
  const item = page.locator("#report-item");
  await expect(item.getByRole("group", { name: "测评项" }).getByRole("radio")).toHaveCount(9);
  // Nothing of this kind is looked for in a housing estate.
  await expect(item.getByRole("radio", { name: "占道经营" })).toBeDisabled();
  await item.locator(".choice").filter({ hasText: "卫生差" }).click();
  const kinds = item.getByRole("group", { name: "具体是哪一项" });
  await expect(kinds.getByRole("radio").first()).toBeChecked();
  const second = kinds.getByRole("radio").nth(1);
  await second.check({ force: true });
  await expect(second).toBeChecked();
  await expect(item.getByRole("radio", { name: "卫生差" })).toBeChecked();
  // It is the wording at once, and is not said twice.
  await expect(page.getByLabel("问题描述")).toHaveValue("卫生差");
  // The phrases of the item are offered for the description, not its codes.
  const phrases = page.getByRole("group", { name: "常用语" });
  await phrases.getByRole("button", { name: "卫生差" }).click();
  await expect(page.getByLabel("问题描述")).toHaveValue("卫生差");
  expect((await phrases.innerText()).match(/[a-z]/)).toBeNull();
  // Another item than one of the chip's leaves the chip.
  await item.getByRole("button", { name: "这里常查的" }).click();
  await item.getByRole("group", { name: "这里常查的" }).getByRole("radio").first().check({ force: true });
  await expect(item.getByRole("radio", { name: "卫生差" })).not.toBeChecked();
});

test("what is missing goes as it is filled in, and a veto item is severe unless somebody says otherwise", async ({
  page,
  service,
}) => {
  await signIn(page, service, "inspector01");
  await page.getByRole("link", { name: "拍照上报" }).click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  const missing = page.getByRole("alert").filter({ hasText: "还差这些" });
  await expect(missing).toBeVisible();
  await camera(page).setInputFiles(file(302));
  await page.locator(".choice").filter({ hasText: "卫生差" }).click();
  await expect(missing).toHaveCount(0);
  const severity = page.getByRole("group", { name: "严重程度" });
  await expect(severity.getByRole("radio", { name: "一般" })).toBeChecked();
  await page.getByRole("button", { name: "这里常查的" }).click();
  const veto = page.getByRole("radio", { name: "消防通道被占用、堵塞" });
  await veto.check({ force: true });
  await expect(severity.getByRole("radio", { name: "严重" })).toBeChecked();
  await severity.getByRole("radio", { name: "较重" }).check({ force: true });
  await page.locator(".choice").filter({ hasText: "卫生差" }).click();
  await expect(severity.getByRole("radio", { name: "较重" })).toBeChecked();
});

test("a place off the list is reported without a network, and the office makes a point of it", {
  tag: "@both",
}, async ({ page, context, service, open }) => {
  await signIn(page, service, "inspector01");
  await expect(page.getByText("禾苑小区", { exact: true })).toBeVisible();
  await workerReady(page);
  await context.setOffline(true);
  await page.getByRole("link", { name: "拍照上报" }).click();
  await camera(page).setInputFiles(file(701));
  await expect(page.getByAltText("第 1 张照片")).toBeVisible();
  await expect(page.getByText("青禾县城关街道禾丰路22号")).toBeVisible();
  await page.getByRole("button", { name: "更换" }).click();
  await page.getByRole("button", { name: "不在名单里？直接写地点" }).click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("写明这是什么地方").first()).toBeVisible();
  await page.getByLabel("地点名称").fill("滨河路旧码头");
  await page.locator("#report-item .choice").filter({ hasText: "卫生差" }).click();
  await expect(page.getByLabel("问题描述")).toHaveValue("卫生差");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("已保存在本机，会自动发送。")).toBeVisible();
  await expect(page.getByRole("heading", { name: "滨河路旧码头 · 卫生差" })).toBeVisible();
  // It can be taken back and is what it was.
  await page.getByRole("button", { name: "修改" }).click();
  await expect(page.getByLabel("地点名称")).toHaveValue("滨河路旧码头");
  await page.getByLabel("怎么找（选填）").fill("桥东");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await context.setOffline(false);
  await expect(page.getByText("全部送达")).toBeVisible({ timeout: 30_000 });

  const office = await open();
  await signIn(office, service, "office01");
  await office.goto(`${service.app}/#/settings/unlisted`);
  const place = office.getByRole("region", { name: "滨河路旧码头" });
  await expect(place.getByText("桥东")).toBeVisible();
  await expect(place.getByText("禾苑小区")).toBeVisible();
  await place.getByRole("button", { name: "列为新点位" }).click();
  await place.getByRole("button", { name: "列为点位", exact: true }).click();
  await expect(place.getByText("填写点位编码")).toBeVisible();
  await place.getByLabel("点位编码").fill("990001-MKT-0942");
  await place.getByRole("button", { name: "列为点位", exact: true }).click();
  await expect(office.getByText("“滨河路旧码头”已列为点位。")).toBeVisible();
  await expect(office.getByText("没有等待归入的地点。")).toBeVisible();
  const { points } = await service.call<{ points: { code: string; name: string }[] }>("office01", "GET", "/reference");
  expect(points.find((one) => one.code === "990001-MKT-0942")?.name).toBe("滨河路旧码头");
});

test("photos of a draft are enlarged, and Back closes them before it leaves the page", async ({ page, service }) => {
  await signIn(page, service, "inspector01");
  await page.getByRole("link", { name: "拍照上报" }).click();
  // Several of the album at once keep their order.
  await page
    .locator(".take input")
    .nth(1)
    .setInputFiles([file(711), file(712), file(713)]);
  await expect(page.getByAltText("第 3 张照片")).toBeVisible();
  await expect(page.getByRole("combobox", { name: "第 2 张照片的类型" })).toHaveValue("near");
  const here = page.url();
  await page.getByRole("button", { name: "第 2 张照片", exact: true }).click();
  const viewer = page.getByRole("dialog", { name: /第 2 张照片/ });
  const picture = viewer.getByRole("img");
  await expect.poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("dialog", { name: /第 3 张照片/ })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(page.url()).toBe(here);
  await expect(page.getByRole("button", { name: "第 2 张照片", exact: true })).toBeFocused();
  await page.getByRole("button", { name: "标注第 1 张照片" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(page.url()).toBe(here);
});
