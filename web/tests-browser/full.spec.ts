// A full device: nothing can be saved any more, but sending frees space, so work continues.
import type { Page } from "@playwright/test";
import { fill, LITTLE, PLENTY, roomOf } from "./fullDisk";
import { atHome, writeReport } from "./steps";
import { countKept, expect, signIn, test } from "./service";
import type { Service } from "./service";

interface Filed {
  id: string;
  state: string;
}
const filed = async (service: Service) =>
  (await service.call<{ items: Filed[] }>("office01", "GET", "/issues?limit=200")).items;
const statesOf = async (service: Service) => (await filed(service)).map(({ state }) => state);

/** Every report as the service has it: taken once, and whole. */
async function expectWhole(service: Service, reports: number): Promise<void> {
  const all = await filed(service);
  expect(all.map(({ state }) => state)).toEqual(Array.from({ length: reports }, () => "submitted"));
  for (const { id } of all) {
    expect((await service.call<{ photos: unknown[] }>("office01", "GET", `/issues/${id}`)).photos).toHaveLength(2);
    const { items } = await service.call<{ items: { action: string }[] }>("office01", "GET", `/issues/${id}/events`);
    expect(items.map(({ action }) => action)).toEqual(["report", "submit"]);
  }
}
/** Nothing waits or was refused, and the list of reports has each once. */
async function expectShown(page: Page, reports: number): Promise<void> {
  await page.getByRole("link", { name: "待上传" }).click();
  await expect(page.getByRole("heading", { name: "待上传", level: 1 })).toBeVisible();
  await expect(page.getByRole("main").getByText(/条未送达|条需要您处理/)).toHaveCount(0);
  await page.getByRole("link", { name: "记录" }).click();
  await expect(page.getByRole("main").getByRole("link").filter({ hasText: "待审核" })).toHaveCount(reports);
}

test("what was saved before the disk was full is sent from it once each, and shown so after a reload", async ({
  page,
  context,
  service,
}) => {
  const room = await roomOf(page, service);
  await room(LITTLE);
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  await writeReport(page, [61, 62]);
  await writeReport(page, [63, 64]);
  await fill(page);
  await context.setOffline(false);
  await expect.poll(() => statesOf(service)).toEqual(["submitted", "submitted"]);
  await expect(page.getByRole("main").getByText("条未送达")).toHaveCount(0);
  await page.reload();
  await expectShown(page, 2);
  await expectWhole(service, 2);
  await room(PLENTY);
  await writeReport(page, [65, 66]);
  await expect(page.getByText("全部送达")).toBeVisible();
  await expectShown(page, 3);
  await expectWhole(service, 3);
});

/** Set in the page while no write succeeds at all; it survives a reload. */
const FULL = "device is full";

/** From now on a page can be told that nothing can be written, not even what frees room elsewhere. */
const canBeFull = (page: Page) =>
  page.addInitScript((flag) => {
    const { put, add } = IDBObjectStore.prototype;
    const guard = (write: typeof put): typeof put =>
      function (this: IDBObjectStore, ...args: Parameters<typeof put>) {
        if (sessionStorage.getItem(flag) !== null) throw new DOMException("no room", "QuotaExceededError");
        return write.apply(this, args);
      };
    IDBObjectStore.prototype.put = guard(put);
    IDBObjectStore.prototype.add = guard(add);
  }, FULL);
const setFull = (page: Page) => page.evaluate((flag) => sessionStorage.setItem(flag, "1"), FULL);
const setFree = (page: Page) => page.evaluate((flag) => sessionStorage.removeItem(flag), FULL);

test("where no write succeeds and the page dies while sending, nothing is lost and nothing arrives twice", async ({
  page,
  context,
  service,
}) => {
  await canBeFull(page);
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  await writeReport(page, [71, 72]);
  await writeReport(page, [73, 74]);
  await setFull(page);
  // The reports arrive; no photo does.
  await page.route(/\/api\/v1\/(uploads|photos)/, (route) => route.abort());
  await context.setOffline(false);
  await expect.poll(async () => (await statesOf(service)).length).toBeGreaterThan(0);
  // Nothing of that could be written down, and the page forgets it.
  await page.reload();
  await expect(page.getByRole("main").getByText("2 条未送达")).toBeVisible();
  await page.unroute(/\/api\/v1\/(uploads|photos)/);
  await page.getByRole("button", { name: "现在全部上传" }).click();
  await expect.poll(() => statesOf(service)).toEqual(["submitted", "submitted"]);
  // What has arrived frees its room, photos and all.
  await expect.poll(() => countKept(page, "photos")).toBe(0);
  await expect(page.getByText("本机空间已满").first()).toBeVisible();
  await page.reload();
  await expectShown(page, 2);
  await expectWhole(service, 2);
  // There is room again: the next record is kept and sent like any other.
  await setFree(page);
  await writeReport(page, [75, 76]);
  await expect(page.getByText("全部送达")).toBeVisible();
  await expect(page.getByText("本机空间已满")).toHaveCount(0);
  await expectWhole(service, 3);
});
