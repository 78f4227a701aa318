// Behaviour that people expect of a phone and of a desk, and that only a browser can show.
import { encode } from "uqr";
import { atHome, photoFile, takePhotos } from "./steps";
import { expect, signIn, test } from "./service";

test("Back closes a photo before it leaves the page, and fingers turn the pages", async ({ page, service }) => {
  const id = await service.seed("submitted");
  await signIn(page, service, "inspector02");
  await atHome(page);
  await page.goto(`${service.app}/#/issue/${id}`);
  const first = page.locator(".photo-open").first();
  await first.click();
  const viewer = page.getByRole("dialog");
  await expect(viewer).toBeVisible();
  await expect(viewer.getByRole("button", { name: "关闭" })).toBeFocused();
  await expect(viewer).toContainText("1 / 2");
  const drag = async (fromX: number, toX: number) => {
    await page.mouse.move(fromX, 400);
    await page.mouse.down();
    await page.mouse.move((fromX + toX) / 2, 405);
    await page.mouse.move(toX, 405);
    await page.mouse.up();
  };
  await drag(280, 100);
  await expect(viewer).toContainText("2 / 2");
  await drag(100, 280);
  await expect(viewer).toContainText("1 / 2");
  // A zoomed photo is moved, not left.
  await viewer.getByRole("button", { name: "放大" }).click();
  await drag(280, 100);
  await expect(viewer).toContainText("1 / 2");
  expect(
    await viewer.locator(".viewer-picture").evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).e),
  ).toBeLessThan(-100);

  await page.goBack();
  await expect(viewer).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`#/issue/${id}$`));
  await expect(first).toBeFocused();
  // Closed by other means it leaves no history entry: the next Back leaves the page.
  await first.click();
  await expect(viewer).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(viewer).toHaveCount(0);
  await expect
    .poll(() => page.evaluate(() => (history.state as { overlay?: string } | null)?.overlay ?? null))
    .toBeNull();
  await page.goBack();
  await expect(page).not.toHaveURL(/issue/);
});

test("two fingers enlarge a photo", async ({ page, service }) => {
  const id = await service.seed("submitted");
  await signIn(page, service, "inspector02");
  await page.goto(`${service.app}/#/issue/${id}`);
  await page.locator(".photo-open").first().click();
  await expect(page.getByRole("dialog")).toBeVisible();
  const touch = await page.context().newCDPSession(page);
  const points = (apart: number) => [
    { x: 180 - apart, y: 400, id: 0 },
    { x: 180 + apart, y: 400, id: 1 },
  ];
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: points(30) });
  for (const apart of [50, 70, 90])
    await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints: points(apart) });
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await expect
    .poll(() =>
      page.locator(".viewer-picture").evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a),
    )
    .toBeGreaterThan(2.5);
});

test("a fix is written behind its signing in, both without a network, and they land in order", async ({
  page,
  context,
  service,
}) => {
  const id = await service.seed("assigned");
  await signIn(page, service, "unit01");
  await expect(page.locator(`a[href="#/issue/${id}/sign-in"]`)).toBeVisible();
  // The forms are fetched ahead.
  await page.locator(`a[href="#/issue/${id}/sign-in"]`).click();
  await expect(page.getByLabel("整改责任人")).toBeVisible();
  await context.setOffline(true);
  await page.getByLabel("整改责任人").fill("李建国");
  await page.getByRole("button", { name: "确认签收" }).click();
  await expect(page.getByText("这一步已保存在本机：")).toBeVisible();
  await page.getByRole("link", { name: "提交整改" }).click();
  await takePhotos(page, [511, 512]);
  await page.getByRole("radio", { name: "立行立改" }).check({ force: true });
  await page.getByLabel("整改措施").fill("已清理楼道");
  await page.getByRole("button", { name: "确认提交整改" }).click();
  await expect(page.getByRole("heading", { name: /^提交整改.+/ })).toBeVisible();
  // The service is busy when the signing in comes: the fix must not overtake it.
  let isBusy = true;
  await page.route("**/actions/sign-in", (route) => {
    if (!isBusy) return route.continue();
    isBusy = false;
    const json = { type: "about:blank", title: "busy", status: 503, code: "unavailable", request_id: "r1" };
    return route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify(json) });
  });
  await context.setOffline(false);
  await expect
    .poll(async () => (await service.call<{ state: string }>("office01", "GET", `/issues/${id}`)).state, {
      timeout: 45_000,
    })
    .toBe("reported");
  const { items } = await service.call<{ items: { action: string }[] }>("office01", "GET", `/issues/${id}/events`);
  expect(items.map((event) => event.action).slice(-2)).toEqual(["sign-in", "report-fix"]);
});

test("what was reported here is said in the form, to whoever reported it, and the last one can be copied", async ({
  page,
  service,
  open,
}) => {
  const id = await service.seed("submitted");
  const { item_code, point } = await service.call<{ item_code: string; point: { id: string } }>(
    "office01",
    "GET",
    `/issues/${id}`,
  );
  const { items } = await service.call<{ items: { code: string; title: string }[] }>("office01", "GET", "/reference");
  const title = (items.find((one) => one.code === item_code)?.title ?? "").replace(/（.*$/, "");
  const choose = async (at: typeof page) => {
    // The address in a printed code.
    await at.goto(`${service.app}/#/capture?point=${point.id}`);
    await expect(at.locator("#report-place")).toContainText("禾苑小区");
    await at.getByRole("button", { name: /全部/ }).click();
    await at.locator("#report-item").getByRole("searchbox").fill(item_code);
    await at.locator("#report-item li button").first().click();
    await expect(at.locator("#report-item")).toContainText(title);
  };
  await signIn(page, service, "inspector02");
  await atHome(page);
  await choose(page);
  const hint = page.getByRole("status").filter({ hasText: "您在这里报过同一项，尚未办结的有 1 件" });
  await expect(hint.getByRole("link")).toHaveAttribute("href", `#/issue/${id}`);
  // A hint; it does not block the report.
  await page.locator(".take-main input").setInputFiles(photoFile(521));
  await expect(page.getByAltText("第 1 张照片")).toBeVisible();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("全部送达")).toBeVisible({ timeout: 30_000 });
  await page.getByRole("link", { name: "拍照上报" }).click();
  await page.getByRole("button", { name: /^同上一条：禾苑小区/ }).click();
  await expect(page.getByRole("radio", { name: "一般", exact: true })).toBeChecked();
  await expect(page.getByText(/您在这里报过同一项，尚未办结的有 2 件/)).toBeVisible();

  const other = await open();
  await signIn(other, service, "inspector01");
  await atHome(other);
  await choose(other);
  await expect(other.getByText(/主责单位/)).toBeVisible();
  await expect(other.getByText(/您在这里报过同一项/)).toHaveCount(0);
});

test("a place is found by the initials that the service sends, and an issue by those of its place", async ({
  page,
  service,
  open,
}) => {
  const id = await service.seed("submitted");
  await signIn(page, service, "inspector02");
  await atHome(page);
  await page.getByRole("searchbox").fill("hyxq");
  await expect(page.getByText("禾苑小区", { exact: true })).toBeVisible();
  await page.getByRole("searchbox").fill("hyxqq");
  await expect(page.getByText("禾苑小区", { exact: true })).toHaveCount(0);

  const desk = await open({ viewport: { width: 1440, height: 900 } });
  await signIn(desk, service, "office01");
  await desk.goto(`${service.app}/#/issues`);
  const rows = desk.locator("tbody tr");
  const search = desk.getByRole("searchbox");
  for (const [words, count] of [
    ["hyxqq", 0],
    ["hyxq", 1],
  ] as const) {
    await search.fill(words);
    await search.press("Enter");
    await expect(desk).toHaveURL(new RegExp(`q=${words}$`));
    await expect(rows).toHaveCount(count);
  }
  await expect(rows.getByRole("link").first()).toHaveAttribute("href", `#/issue/${id}`);
});

test("whoever comes back after a while sees what was given to them meanwhile", async ({ page, service }) => {
  const id = await service.seed("reported");
  const { items } = await service.call<{ items: { id: string; display_name: string }[] }>(
    "office01",
    "GET",
    "/inspectors",
  );
  await signIn(page, service, "inspector01");
  await atHome(page);
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await service.act("office01", id, "assign-check", {
    inspector_id: items.find((person) => person.display_name.endsWith("01"))?.id,
  });
  await page.evaluate(() => {
    const now = Date.now;
    Date.now = () => now() + 60_000;
    Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect(page.getByText("我的任务（1）")).toBeVisible();
});

test.describe("at a desk", () => {
  test.use({ viewport: { width: 1440, height: 900 } });

  test("what somebody writes about stays on the desk while others decide", async ({ page, service }) => {
    const first = await service.seed("submitted");
    await signIn(page, service, "office01");
    await page.goto(`${service.app}/#/queue?kind=review`);
    await expect(page).toHaveURL(new RegExp(`id=${first}`));
    await page.getByRole("button", { name: "退回补正", exact: true }).click();
    const reason = page.locator(".decision textarea").first();
    await reason.fill("请补一张远景");
    // A new issue arrives, and a colleague decides this one.
    await service.seed("submitted");
    const { items: units } = await service.call<{ items: { id: string; code: string }[] }>("office01", "GET", "/units");
    await service.act("office02", first, "approve", { unit_id: units.find((unit) => unit.code === "U01")?.id });
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
      const now = Date.now;
      Date.now = () => now() + 60_000;
      Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await expect(page.getByText("这件已办理或已不在这个队列里")).toBeVisible();
    await expect(page.getByText("您填写期间有新的进展")).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`id=${first}`));
    await expect(reason).toHaveValue("请补一张远景");
    await page.getByRole("link", { name: "看下一条" }).click();
    await expect(page).not.toHaveURL(new RegExp(`id=${first}`));
  });

  test("every key of the office is one press of ? away, on every page", async ({ page, service }) => {
    await signIn(page, service, "office01");
    for (const address of ["overview", "queue?kind=review", "issues", "map", "settings"]) {
      await page.goto(`${service.app}/#/${address}`);
      await expect(page.locator("h1")).toBeFocused();
      await page.keyboard.press("?");
      const help = page.getByRole("dialog", { name: "快捷键" });
      for (const place of ["所有页面", "待办队列", "问题列表", "地图", "前后对比", "看照片"])
        await expect(help.getByRole("heading", { name: place })).toHaveCount(1);
      await expect(help.getByRole("button", { name: "关闭" })).toBeFocused();
      await page.goBack();
      await expect(help).toHaveCount(0);
      await expect(page).toHaveURL(new RegExp(`#/${address.split("?")[0] ?? ""}`));
      await expect(page.locator("h1")).toBeFocused();
    }
  });

  test("the keys do what the help says, and nothing while somebody types", async ({ page, service }) => {
    const ids = [await service.seed("submitted"), await service.seed("submitted")];
    await signIn(page, service, "office01");
    const help = page.getByRole("dialog", { name: "快捷键" });
    await page.goto(`${service.app}/#/queue?kind=review`);
    await expect(page).toHaveURL(/id=/);
    const first = page.url();
    await page.keyboard.press("j");
    await expect(page).not.toHaveURL(first);
    expect(ids.some((id) => page.url().includes(id))).toBe(true);
    await page.keyboard.press("k");
    await expect(page).toHaveURL(first);
    await page.getByRole("button", { name: "退回补正", exact: true }).click();
    const reason = page.locator(".decision textarea").first();
    await reason.click();
    await page.keyboard.type("jk?j");
    await expect(reason).toHaveValue("jk?j");
    await expect(page).toHaveURL(first);
    await expect(help).toHaveCount(0);

    await page.goto(`${service.app}/#/issues`);
    const boxes = page.locator("tbody input[type=checkbox]");
    await expect(boxes).toHaveCount(2);
    const chosen = page.locator("tbody input:checked");
    await page.keyboard.press("a");
    await expect(chosen).toHaveCount(2);
    await page.keyboard.press("Escape");
    await expect(chosen).toHaveCount(0);
    for (const key of ["j", "x"]) await page.keyboard.press(key);
    await expect(chosen).toHaveCount(1);
    await page.keyboard.press("/");
    const search = page.getByRole("searchbox");
    await expect(search).toBeFocused();
    // Neither clears what is chosen, nor jumps, nor opens the help.
    await page.keyboard.press("Escape");
    await expect(chosen).toHaveCount(1);
    await page.keyboard.type("/?");
    await expect(search).toHaveValue("/?");
    await expect(help).toHaveCount(0);
  });

  test("an open photo hears the keys after a click on it, and the page below does not", async ({ page, service }) => {
    for (let count = 0; count < 2; count += 1) await service.seed("submitted");
    await signIn(page, service, "office01");
    await page.goto(`${service.app}/#/queue?kind=review`);
    const open = page.locator(".desk-panel .photo-open").first();
    await expect(open).toBeVisible();
    const address = page.url();
    await open.click();
    const viewer = page.getByRole("dialog");
    await viewer.locator(".viewer-stage").click({ position: { x: 20, y: 200 } });
    await page.keyboard.press("j");
    await page.keyboard.press("ArrowRight");
    await expect(viewer).toContainText("2 / 2");
    await expect(page).toHaveURL(address);
    await page.keyboard.press("Shift+Tab");
    await expect.poll(() => viewer.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    await page.keyboard.press("Escape");
    await expect(viewer).toHaveCount(0);
    await expect(page).toHaveURL(address);
    await expect(open).toBeFocused();
  });

  test("paper is white whatever the theme", async ({ page, service }) => {
    const id = await service.seed("reported");
    await signIn(page, service, "office01");
    const colours = () =>
      page.evaluate(() =>
        ["body", ".card", ".card dd"].map((selector) => {
          const { backgroundColor, color } = getComputedStyle(document.querySelector(selector) as Element);
          return `${backgroundColor} ${color}`;
        }),
      );
    await page.goto(`${service.app}/#/issue/${id}`);
    await expect(page.locator(".card dd").first()).toBeVisible();
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    const light = await colours();
    expect(light[0]).toBe("rgb(255, 255, 255) rgb(0, 0, 0)");
    for (const theme of ["system", "dark"]) {
      await page.evaluate((chosen) => {
        document.documentElement.dataset.theme = chosen;
      }, theme);
      await page.emulateMedia({ media: "screen", colorScheme: "dark" });
      expect(await colours()).not.toEqual(light);
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      expect(await colours()).toEqual(light);
    }
  });

  test("codes of places are printed with their address", async ({ page, service }) => {
    await signIn(page, service, "office01");
    await page.goto(`${service.app}/#/settings/points`);
    await page.getByRole("link", { name: "打印点位二维码" }).click();
    const code = page.getByRole("img", { name: "禾苑小区的二维码" });
    await expect(code).toBeVisible();
    // What is drawn is the address under which the report form opens with that place, and nothing else.
    const { points } = await service.call<{ points: { id: string; name: string }[] }>("office01", "GET", "/reference");
    const id = points.find((one) => one.name === "禾苑小区")?.id ?? "";
    const { data } = encode(`${service.app}/#/capture?point=${id}`, { ecc: "M", border: 4 });
    const squares = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
    await expect(code.locator("path")).toHaveAttribute("d", squares.join(""));
    await page.getByRole("searchbox").fill("禾苑小区");
    await expect(page.locator(".code-card").filter({ hasNotText: "禾苑小区" })).toHaveCount(0);
  });
});
