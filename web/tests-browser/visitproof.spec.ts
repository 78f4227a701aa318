// Visits written without a network on a phone that dies, sent over a network that fails in every way: each arrives
// once, with each of its items, its report and each photo byte by byte. A few by default;
// `ANFANG_VISIT_PROOF=full` makes it twenty with fifteen items and six photos each.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { jpeg } from "./jpeg";
import { launchPhone, newProfile } from "./phone";
import { FAULTS } from "./proxy";
import { atHome, photoFile } from "./steps";
import { countKept, enterPassword, expect, signIn, test, workerReady } from "./service";
import { beginSudden, choose, failItem, isKept, itemCard, itemsOf, storedVisits } from "./visiting";

const IS_FULL = process.env.ANFANG_VISIT_PROOF === "full";
const VISITS = IS_FULL ? 20 : 3;
const PHOTOS = IS_FULL ? 6 : 2;
const ITEMS = 15;
/** Photos of the report of what fails; the others show items that mostly conform, one each. */
const OF_REPORT = Math.floor(PHOTOS / 2);
const SEED = 20_261_201;
/** One call in so many breaks. */
const ONE_IN = IS_FULL ? 6 : 3;
/** One photo of the first visit is sent in several pieces. */
const LARGE_BYTES = 900_000;

const seedOf = (visit: number, photo: number): number => visit * 10 + photo;
const paddingOf = (visit: number, photo: number): number => (visit === 1 && photo === PHOTOS ? LARGE_BYTES : 0);
const words = (visit: number): string => `第 ${visit} 次，楼道堆物`;
const remark = (visit: number): string => `第 ${visit} 次，个别地方不到位`;
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** Fills in the form that is open, with its report and its photos, but for the last button. */
async function fillVisit(page: Page, codes: string[], visit: number): Promise<void> {
  const [failing = "", ...rest] = codes.slice(0, ITEMS);
  const mostly = rest.slice(0, PHOTOS - OF_REPORT);
  const conforming = rest.slice(mostly.length);
  for (const [at, code] of mostly.entries()) {
    await choose(page, code, "mostly");
    await itemCard(page, code).getByRole("textbox").fill(remark(visit));
    await itemCard(page, code).getByRole("button", { name: "加照片" }).click();
    const photo = OF_REPORT + at + 1;
    await itemCard(page, code)
      .locator(".take-main input")
      .setInputFiles(photoFile(seedOf(visit, photo), paddingOf(visit, photo)));
    await expect(itemCard(page, code).getByAltText("第 1 张照片")).toBeVisible();
  }
  // One by one as a person does, but without waiting for each to be drawn.
  await page.evaluate((all) => {
    for (const code of all) document.querySelector<HTMLElement>(`[id="item-${code}"] .choice-conforms input`)?.click();
  }, conforming);
  const seeds = Array.from({ length: OF_REPORT }, (_, at) => seedOf(visit, at + 1));
  await failItem(page, failing, seeds, words(visit));
  await expect(page.getByText(new RegExp(`^已查 ${ITEMS}/\\d+ 项$`))).toBeVisible();
}

async function finish(page: Page): Promise<void> {
  await page.getByRole("button", { name: "完成", exact: true }).click();
  // Items were left open: once more, and they stay so.
  const partial = page.getByRole("button", { name: "就这样完成" });
  const saved = page.getByText("已保存在本机，会自动发送。");
  await expect(partial.or(saved)).toBeVisible();
  if (await partial.isVisible()) await partial.click();
  await expect(saved).toBeVisible();
}

async function makeVisits(page: Page, app: string, codes: string[], from: number, to: number): Promise<void> {
  for (let visit = from; visit <= to; visit += 1) {
    await page.goto(`${app}/#/points`);
    await beginSudden(page);
    await fillVisit(page, codes, visit);
    await finish(page);
  }
}

/** The session ended with the browser; the records did not. */
async function signInAgain(page: Page, app: string): Promise<void> {
  await page.goto(`${app}/#/login`);
  await enterPassword(page);
}

/** Waits until `isDone` stops throwing. Presses the button to send, so that pauses are short. */
async function pressUntil(page: Page, isDone: () => Promise<void>): Promise<void> {
  const sendAll = page.getByRole("button", { name: "现在全部上传" });
  await expect(async () => {
    if (await sendAll.isVisible()) await sendAll.click({ timeout: 1_000 }).catch(() => undefined);
    await isDone();
  }).toPass({ timeout: IS_FULL ? 600_000 : 90_000, intervals: [500] });
}

test("visits outlive a dying phone and a breaking network, each of them once and whole", async ({
  service,
  breaches,
  database,
}) => {
  test.setTimeout(IS_FULL ? 1_800_000 : 240_000);
  const codes = await itemsOf(service, "EST");
  expect(codes.length).toBeGreaterThanOrEqual(ITEMS);
  const profile = newProfile();
  const { proxy, app } = service;
  const diesAfter = Math.floor(VISITS / 2);

  const first = await launchPhone(profile, app, breaches);
  await signIn(first.page, service, "inspector01");
  await workerReady(first.page);
  await atHome(first.page);
  await first.page.context().setOffline(true);
  await makeVisits(first.page, app, codes, 1, diesAfter);
  // It dies in the middle of a form, too.
  await first.page.goto(`${app}/#/points`);
  await beginSudden(first.page);
  await fillVisit(first.page, codes, diesAfter + 1);
  await expect.poll(() => isKept(first.page, remark(diesAfter + 1))).toBe(true);
  await first.kill();

  // The service is down; the phone starts without it, and the form is there as it was left.
  await proxy.goDown();
  const second = await launchPhone(profile, app, breaches);
  await second.page.goto(app);
  await expect(second.page.getByText(new RegExp(`^已查 ${ITEMS}/\\d+ 项$`))).toBeVisible();
  await finish(second.page);
  await makeVisits(second.page, app, codes, diesAfter + 2, VISITS);
  expect(await countKept(second.page, "outbox")).toBe(2 * VISITS);
  expect(await countKept(second.page, "photos")).toBe(VISITS * PHOTOS);
  await second.kill();

  // The network is back and breaks one call in six; the phone dies while it sends.
  await proxy.comeBack();
  const third = await launchPhone(profile, app, breaches);
  await signInAgain(third.page, app);
  proxy.misbehave({ seed: SEED, oneIn: ONE_IN });
  await third.page.goto(`${app}/#/outbox`);
  await pressUntil(third.page, async () =>
    expect((await storedVisits(service)).length).toBeGreaterThanOrEqual(Math.ceil(VISITS / 3)),
  );
  await third.kill();

  const fourth = await launchPhone(profile, app, breaches);
  proxy.misbehave(null);
  await signInAgain(fourth.page, app);
  proxy.misbehave({ seed: SEED + 1, oneIn: ONE_IN });
  await fourth.page.goto(`${app}/#/outbox`);
  await pressUntil(fourth.page, () => expect(fourth.page.getByText("全部送达")).toBeVisible({ timeout: 1_500 }));
  await fourth.kill();
  rmSync(profile, { recursive: true, force: true });

  const visits = await storedVisits(service);
  const { items: listed } = await service.call<{ items: { id: string }[] }>("office01", "GET", "/issues?limit=200");
  const issues = await Promise.all(
    listed.map(({ id }) =>
      service.call<{ id: string; visit_id: string; state: string; description: string; photos: { sha256: string }[] }>(
        "office01",
        "GET",
        `/issues/${id}`,
      ),
    ),
  );
  expect(visits).toHaveLength(VISITS);
  expect(issues).toHaveLength(VISITS);
  const numbers = Array.from({ length: VISITS }, (_, at) => at + 1);
  const bytesOf = (visit: number, photo: number) => jpeg(seedOf(visit, photo), paddingOf(visit, photo));
  const digestsOf = (visit: number, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, at) => digest(bytesOf(visit, from + at))).sort();
  expect(new Map(issues.map((one) => [one.description, one.photos.map(({ sha256 }) => sha256).sort()]))).toEqual(
    new Map(numbers.map((visit) => [words(visit), digestsOf(visit, 1, OF_REPORT)])),
  );
  expect(issues.filter(({ state }) => state !== "submitted")).toEqual([]);
  for (const visit of visits) {
    expect(visit.results).toHaveLength(ITEMS);
    expect(visit.missing_photos).toEqual([]);
    expect(visit.results.flatMap(({ photo_ids }) => photo_ids)).toHaveLength(PHOTOS - OF_REPORT);
    const failing = visit.results.filter(({ issue_id }) => issue_id !== null);
    expect(failing.map(({ issue_id }) => issue_id)).toEqual(
      issues.filter((issue) => issue.visit_id === visit.id).map(({ id }) => id),
    );
    expect(failing).toHaveLength(1);
  }
  const notes = visits.flatMap(({ results }) => [...new Set(results.map(({ note }) => note).filter(Boolean))]);
  expect(notes.sort()).toEqual(numbers.map(remark).sort());
  const folder = join(service.data, "photos", "originals");
  const originals = readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile());
  expect(originals.map((path) => digest(readFileSync(path))).sort()).toEqual(
    numbers.flatMap((visit) => digestsOf(visit, 1, PHOTOS)).sort(),
  );

  const { counts } = proxy;
  const broken = FAULTS.reduce((sum, fault) => sum + counts.faults[fault], 0);
  const byFault = FAULTS.map((fault) => `${fault} ${counts.faults[fault]}`).join(", ");
  console.log(
    `${database}: ${VISITS} visits of ${ITEMS} items and ${PHOTOS} photos; ` +
      `${counts.calls} calls, of which broken ${broken} (${byFault})`,
  );
  expect(broken).toBeGreaterThan(0);
});
