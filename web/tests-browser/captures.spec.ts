// What is captured without a network: with the number that was given before, and with the photos that an item requires.
import type { Page } from "@playwright/test";
import { atHome, photoFile, writeReport } from "./steps";
import { expect, signIn, test, workerReady } from "./service";
import { beginSudden, choose } from "./visiting";

/** How many numbers the phone has of each person. */
const stocks = (page: Page): Promise<number[]> =>
  page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const open = indexedDB.open("anfang");
        open.onsuccess = () => {
          const range = IDBKeyRange.bound("nonces/", "nonces/\uffff");
          const all = open.result.transaction("meta").objectStore("meta").getAll(range);
          all.onsuccess = () => {
            open.result.close();
            resolve((all.result as { numbers: unknown[] }[]).map(({ numbers }) => numbers.length));
          };
        };
      }),
  );

test("what is captured without a network names a number that was given before, where the county expects it", async ({
  page,
  context,
  service,
}) => {
  await service.call("admin", "PATCH", "/settings", { capture_nonces: "expected" });
  const bare = await service.seed("submitted");
  await signIn(page, service, "inspector01");
  await workerReady(page);
  await atHome(page);
  await expect.poll(() => stocks(page)).toEqual([32]);
  await context.setOffline(true);
  await writeReport(page, [71]);
  await page.goto(`${service.app}/#/points`);
  await beginSudden(page);
  await page.getByRole("button", { name: "全部符合" }).click();
  await expect.poll(() => stocks(page)).toEqual([30]);
  await page.getByRole("button", { name: "完成", exact: true }).click();
  await expect(page.getByText("已保存在本机，会自动发送。")).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("link", { name: "待上传" }).first().click();
  await expect(page.getByText("全部送达")).toBeVisible({ timeout: 60_000 });

  const flagsOf = async (id: string) =>
    (await service.call<{ flags: { code: string }[] }>("office01", "GET", `/issues/${id}`)).flags.map(
      ({ code }) => code,
    );
  expect(await flagsOf(bare)).toContain("nonce-missing");
  const { items } = await service.call<{ items: { id: string }[] }>("office01", "GET", "/issues?limit=200");
  const own = items.map(({ id }) => id).filter((id) => id !== bare);
  expect(own).toHaveLength(1);
  expect((await flagsOf(own[0] ?? "")).filter((code) => code.startsWith("nonce"))).toEqual([]);
  const visits = await service.call<{ items: { doubt_codes: string[] }[] }>("office01", "GET", "/visits?limit=200");
  expect(visits.items.map(({ doubt_codes }) => doubt_codes.filter((code) => code.startsWith("nonce")))).toEqual([[]]);

  // Somebody else logs in on this phone: the numbers of the first stay, and are not theirs.
  await page.goto(`${service.app}/#/me`);
  // Asked and confirmed.
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await expect(page.getByLabel("用户名")).toBeVisible();
  await signIn(page, service, "inspector02");
  await atHome(page);
  await expect.poll(async () => (await stocks(page)).sort()).toEqual([30, 32]);
});

test("an item that requires a photo is left open by the one tap, and its photo goes with the visit", async ({
  page,
  context,
  service,
}) => {
  const required: string[] = [];
  await page.route("**/api/v1/reference", async (route) => {
    const answer = await route.fetch();
    if (answer.status() !== 200) return route.fulfill({ response: answer });
    const body = (await answer.json()) as {
      items: { code: string; point_types: string[]; photo_required?: boolean }[];
    };
    const items = body.items.filter(({ point_types }) => point_types.includes("EST")).slice(0, 2);
    for (const item of items) item.photo_required = true;
    required.splice(0, 2, ...items.map(({ code }) => code));
    return route.fulfill({ response: answer, json: body });
  });
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  await beginSudden(page);
  const left = page.getByRole("group", { name: "还有 2 项要拍照" });
  await expect(left.getByRole("button")).toHaveCount(2);
  await page.getByRole("button", { name: /^其余 \d+ 项符合$/ }).click();
  const [first = "", second = ""] = required;
  const card = (code: string) => page.locator(`[id="item-${code}"]`);
  await expect(card(first).getByRole("radio", { name: "符合", exact: true })).not.toBeChecked();
  await left.getByRole("button").last().click();
  await expect(card(second)).toBeInViewport();
  // Said to conform without a photo it is not finished.
  await choose(page, second, "conforms");
  await page.getByRole("button", { name: "完成", exact: true }).click();
  await expect(card(second).getByText("这一项必须拍照")).toBeVisible();
  for (const [at, code] of [first, second].entries()) {
    await card(code)
      .locator(".take-main input")
      .setInputFiles(photoFile(950 + at));
    await expect(card(code).getByAltText("第 1 张照片")).toBeVisible();
  }
  await page.getByRole("button", { name: "其余 1 项符合" }).click();
  await page.getByRole("button", { name: "完成", exact: true }).click();
  await expect(page.getByText("已保存在本机，会自动发送。")).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("link", { name: "待上传" }).first().click();
  await expect(page.getByText("全部送达")).toBeVisible({ timeout: 60_000 });
  const { items } = await service.call<{ items: { id: string }[] }>("office01", "GET", "/visits?limit=200");
  const visit = await service.call<{ results: { item_code: string; photo_ids: string[] }[]; missing_photos: string[] }>(
    "office01",
    "GET",
    `/visits/${items[0]?.id ?? ""}`,
  );
  const shown = visit.results.filter(({ photo_ids }) => photo_ids.length > 0).map(({ item_code }) => item_code);
  expect(shown.sort()).toEqual([...required].sort());
  expect(visit.missing_photos).toEqual([]);
});
