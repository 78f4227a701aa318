// What is on the screen follows what others do, without a reload, and without moving while somebody uses it.
import { expect, signIn, test } from "./service";

test.use({ viewport: { width: 1440, height: 900 } });

/** How long a change may take to be on screen. Source: what is promised. */
const SEEN_MS = 10_000;

test("a desk sees what another one decides, and keeps the case that is open", async ({ page, open, service }) => {
  const ids = [await service.seed("submitted"), await service.seed("submitted"), await service.seed("submitted")];
  const row = (id?: string) => page.locator(`[id="row-${id}"]`);
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=review&id=${ids[1]}`);
  await expect(row(ids[0])).toBeVisible();
  await expect(page).toHaveTitle(/^\(3\) /);
  const tab = page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "待审" });
  await expect(tab).toContainText("3");

  const other = await open();
  await signIn(other, service, "office03");
  await other.goto(`${service.app}/#/queue?kind=review&id=${ids[0]}`);
  await expect(other.getByRole("heading", { name: "办理经过" })).toBeVisible();
  await service.act("office02", ids[0] ?? "", "send-back", { reason: "照片不清" });
  await expect(row(ids[0])).toHaveCount(0, { timeout: SEEN_MS });
  await expect(tab).toContainText("2", { timeout: SEEN_MS });
  expect(page.url()).toContain(ids[1]);
  // Whoever has it open is told, and the case stays.
  await expect(other.getByText("这件已办理或已不在这个队列里", { exact: false })).toBeVisible({ timeout: SEEN_MS });
  expect(other.url()).toContain(ids[0]);
});

test("two of the office work at one queue: the second to decide a case is told, and both see what is left", async ({
  page,
  open,
  service,
}) => {
  const ids = [await service.seed("submitted"), await service.seed("submitted"), await service.seed("submitted")];
  const other = await open();
  const row = (of: typeof page, id?: string) => of.locator(`[id="row-${id}"]`);
  const confirm = (of: typeof page) => of.getByRole("button", { name: "确认审核通过" });
  for (const [of, user] of [
    [page, "office01"],
    [other, "office02"],
  ] as const) {
    await signIn(of, service, user);
    await of.goto(`${service.app}/#/queue?kind=review&id=${ids[0]}`);
    await expect(confirm(of)).toBeEnabled();
  }
  // Both decide the same case; each decision is held back, so that neither knows of the other's.
  await page.keyboard.press("Enter");
  await expect(page.getByText(/审核通过/).first()).toBeVisible();
  await other.keyboard.press("2");
  await expect(other.locator(".decision textarea")).toBeFocused();
  await other.keyboard.type("缺少远景");
  await other.keyboard.press("Control+Enter");
  await expect(other.locator(".held")).toContainText("没有办成。内容已被他人更新", { timeout: 30_000 });
  const states = await Promise.all(
    ids.map(async (id) => (await service.call<{ state: string }>("office01", "GET", `/issues/${id}`)).state),
  );
  expect(states).toEqual(["sealed", "submitted", "submitted"]);
  for (const of of [page, other]) {
    await expect(row(of, ids[0])).toHaveCount(0, { timeout: SEEN_MS });
    await expect(row(of, ids[1])).toBeVisible();
    await expect(row(of, ids[2])).toBeVisible();
  }
});

test("a new report does not move the rows under a pointer that moves", async ({ page, service }) => {
  for (let count = 0; count < 3; count += 1) await service.seed("submitted");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issues`);
  const rows = page.locator("tbody tr");
  await expect(rows).toHaveCount(3);
  await service.seed("submitted");
  const end = Date.now() + 6_000;
  for (let at = 0; Date.now() < end; at += 1) {
    await page.mouse.move(400 + (at % 50), 500);
    await page.waitForTimeout(100);
    expect(await rows.count()).toBe(3);
  }
  await expect(rows).toHaveCount(4, { timeout: SEEN_MS });
});

test("a unit sees what was handed over, and a leader too", async ({ page, open, service }) => {
  await signIn(page, service, "unit01");
  await page.goto(`${service.app}/#/todo`);
  const leader = await open();
  await signIn(leader, service, "leader01");
  await leader.goto(`${service.app}/#/issues`);
  await expect(leader.getByRole("heading", { level: 1 })).toBeVisible();
  await service.seed("assigned");
  await expect(page.getByRole("link", { name: "禾苑小区" })).toBeVisible({ timeout: SEEN_MS });
  await expect(leader.getByText("禾苑小区")).toBeVisible({ timeout: SEEN_MS });
});
