import { heldBack } from "./steps";
import { expect, signIn, test } from "./service";
import type { Service } from "./service";

test.use({ viewport: { width: 1440, height: 900 } });

const stateOf = async (service: Service, id: string) =>
  (await service.call<{ state: string }>("office01", "GET", `/issues/${id}`)).state;

test("the next case opens at its top, and a later click at the same spot approves nothing unseen", async ({
  page,
  service,
}) => {
  const ids: string[] = [];
  // As many as make the list as high as the screen: the page stays scrollable while the panel is a placeholder.
  for (let count = 0; count < 9; count += 1) ids.push(await service.seed("submitted"));
  // An answer that takes a while: the panel is a placeholder first, and grows when the case is drawn.
  await page.route(/\/api\/v1\/issues\/[0-9a-f-]+(\/events)?$/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    await route.continue();
  });
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=review`);
  const confirm = page.getByRole("button", { name: "确认审核通过" });
  await expect(confirm).toBeEnabled();
  await expect(page.getByRole("heading", { name: "办理经过" })).toBeVisible();
  await page.mouse.move(900, 500);
  for (let turn = 0; turn < 8; turn += 1) {
    await page.mouse.wheel(0, 300);
    await page.waitForTimeout(80);
  }
  const box = await confirm.boundingBox();
  if (!box) throw new Error("no button");
  const spot = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  await page.mouse.move(spot.x, spot.y, { steps: 3 });
  await page.mouse.down();
  await page.mouse.up();
  await expect(page.getByText(/审核通过，已完成/)).toBeVisible();
  await page.waitForTimeout(2_500);
  // The case is drawn: its heading is in sight, below the bar.
  await expect(page.getByRole("heading", { name: "办理经过" })).toBeAttached();
  const top = await page.evaluate(() => document.querySelector(".desk-panel h2")?.getBoundingClientRect().top ?? -1);
  expect(top).toBeGreaterThanOrEqual(0);
  expect(top).toBeLessThan(500);
  await page.mouse.down();
  await page.mouse.up();
  await page.waitForTimeout(1_000);
  expect(await heldBack(page)).toBe(0);
  const states = await Promise.all(ids.map((id) => stateOf(service, id)));
  expect(states.filter((state) => state === "sealed")).toHaveLength(1);
});

test("a case short enough to have its button under the pointer is not approved before the pointer moves", async ({
  page,
  service,
}) => {
  // Everything is on the screen, so cases of one kind have their buttons in one place.
  await page.setViewportSize({ width: 1440, height: 4_000 });
  const ids: string[] = [];
  for (let count = 0; count < 4; count += 1) ids.push(await service.seed("submitted"));
  const sealed = async () =>
    (await Promise.all(ids.map((id) => stateOf(service, id)))).filter((state) => state === "sealed").length;
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=review`);
  const confirm = page.getByRole("button", { name: "确认审核通过" });
  await expect(page.getByRole("heading", { name: "办理经过" })).toBeVisible();
  /** Moves to the button, and presses it. */
  async function approve(): Promise<void> {
    await expect(confirm).toBeEnabled();
    await page.waitForTimeout(1_000);
    const box = await confirm.boundingBox();
    if (!box) throw new Error("no button");
    await page.mouse.move(10, 10);
    await page.mouse.move(box.x + 20, box.y + 20, { steps: 3 });
    await press();
  }
  async function press(): Promise<void> {
    await page.mouse.down();
    await page.mouse.up();
  }
  await approve();
  await expect.poll(sealed).toBe(1);
  // From now on the line about the last decision is there, and nothing moves.
  await approve();
  await expect.poll(sealed).toBe(2);
  await expect(confirm).toBeEnabled();
  await page.waitForTimeout(1_500);
  await press();
  await expect(page.getByText("请先看过这一件，再确认")).toBeVisible();
  expect(await heldBack(page)).toBe(0);
  expect(await sealed()).toBe(2);
  await approve();
  await expect.poll(sealed).toBe(3);
});

test("coming back to the queue after a decision opens the next case, not the one decided", async ({
  page,
  service,
}) => {
  const first = await service.seed("submitted");
  await service.seed("submitted");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=review&id=${first}`);
  await expect(page.getByRole("button", { name: "确认审核通过" })).toBeEnabled();
  // To its own page, decided there, and back.
  await page.locator(".desk-panel h2 a").click();
  await expect(page).toHaveURL(/#\/issue\//);
  await page.getByRole("button", { name: "审核通过", exact: true }).click();
  await page.getByRole("button", { name: "确认审核通过" }).click();
  await expect.poll(() => stateOf(service, first)).toBe("sealed");
  // The list is asked again, which takes a moment: until then there is only the one of before.
  await page.route(/\/api\/v1\/issues\?/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    await route.continue();
  });
  await page.goBack();
  await expect(page).toHaveURL(/#\/queue/);
  await page.waitForTimeout(2_000);
  await expect(page.getByText("这件已办理或已不在这个队列里")).toHaveCount(0);
  await expect(page).not.toHaveURL(new RegExp(first));
  await expect(page.getByRole("button", { name: "确认审核通过" })).toBeEnabled();
  await page.goto(`${service.app}/#/overview`);
  await page.goto(`${service.app}/#/queue`);
  await expect(page.getByRole("button", { name: "确认审核通过" })).toBeEnabled();
  await expect(page.getByText("这件已办理或已不在这个队列里")).toHaveCount(0);
});
