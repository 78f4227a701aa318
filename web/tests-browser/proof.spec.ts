// Fifty reports with three photos each, written offline on a phone that dies three times, sent over a network that
// fails in every way: each must arrive once, and each photo byte by byte.
import { createHash } from "node:crypto";
import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { jpeg } from "./jpeg";
import { launchPhone, newProfile } from "./phone";
import { FAULTS } from "./proxy";
import { countKept, enterPassword, expect, signIn, test, workerReady } from "./service";

const REPORTS = 50;
const PHOTOS = 3;
/** One photo is large enough for several pieces. */
const LARGE_BYTES = 2_500_000;
/** The phone dies after so many reports, when all are written, and while they are sent. */
const DIES_AFTER = 20;
interface Issue {
  id: string;
  state: string;
  description: string;
  photos: { sha256: string }[];
}

const SEED = 20_261_124;

const bytesOf = (report: number, photo: number): Uint8Array =>
  jpeg(report * 10 + photo, report === 7 && photo === 1 ? LARGE_BYTES : 0);
const words = (report: number): string => `第 ${report} 条，消防通道堆物`;

/** Fills the open form by hand. */
async function write(page: Page, report: number): Promise<void> {
  for (let photo = 1; photo <= PHOTOS; photo += 1) {
    await page
      .locator(".take-main input")
      .setInputFiles({ name: "photo.jpg", mimeType: "image/jpeg", buffer: Buffer.from(bytesOf(report, photo)) });
    await expect(page.getByAltText(`第 ${photo} 张照片`)).toBeVisible();
  }
  await page.locator("#report-item .choice:has(input:enabled)").first().click();
  await page.getByLabel("问题描述").fill(words(report));
}

/** Writes these reports one after the other. */
async function writeReports(page: Page, app: string, from: number, to: number): Promise<void> {
  await page.goto(`${app}/#/capture`);
  for (let report = from; report <= to; report += 1) {
    await write(page, report);
    const address = page.url();
    await page.getByRole("button", { name: report < to ? "保存并报下一条" : "保存", exact: true }).click();
    await expect(page).not.toHaveURL(address);
    await expect(page.getByText(/已保存在本机，会自动发送/)).toBeVisible();
    if (report < to) await expect(page.getByAltText("第 1 张照片")).toHaveCount(0);
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
  }).toPass({ timeout: 240_000, intervals: [1_000] });
}

test("fifty reports outlive a dying phone and a breaking network, each of them once", { tag: "@both" }, async ({
  service,
  breaches,
  database,
}) => {
  test.setTimeout(300_000);
  const profile = newProfile();
  const { proxy, app } = service;
  const listed = async () => (await service.call<{ items: Issue[] }>("office01", "GET", "/issues?limit=200")).items;

  // Log in while there is a network: then the app and the places are on the phone.
  const first = await launchPhone(profile, app, breaches);
  await signIn(first.page, service, "inspector01");
  await workerReady(first.page);
  await expect(first.page.getByText("禾苑小区", { exact: true })).toBeVisible();
  await first.page.context().setOffline(true);
  await writeReports(first.page, app, 1, DIES_AFTER);
  await first.kill();

  // The service is down; the phone starts without it and finds its records.
  await proxy.goDown();
  const second = await launchPhone(profile, app, breaches);
  await second.page.goto(app);
  await expect(second.page.getByRole("link", { name: /待上传/ })).toContainText(String(DIES_AFTER));
  await writeReports(second.page, app, DIES_AFTER + 1, REPORTS);
  await second.kill();

  const third = await launchPhone(profile, app, breaches);
  await third.page.goto(app);
  await expect(third.page.getByRole("link", { name: /待上传/ })).toContainText(String(REPORTS));
  expect(await countKept(third.page, "photos")).toBe(REPORTS * PHOTOS);

  // The network is back and breaks one call in six. Meanwhile the phone dies once more.
  await proxy.comeBack();
  await signInAgain(third.page, app);
  proxy.misbehave({ seed: SEED, oneIn: 6 });
  await third.page.goto(`${app}/#/outbox`);
  await pressUntil(third.page, async () => expect((await listed()).length).toBeGreaterThan(REPORTS / 3));
  await third.kill();

  const fourth = await launchPhone(profile, app, breaches);
  proxy.misbehave(null);
  await signInAgain(fourth.page, app);
  proxy.misbehave({ seed: SEED + 1, oneIn: 6 });
  await fourth.page.goto(`${app}/#/outbox`);
  await pressUntil(fourth.page, () => expect(fourth.page.getByText("全部送达")).toBeVisible({ timeout: 1_500 }));
  await fourth.kill();
  rmSync(profile, { recursive: true, force: true });

  const issues = await Promise.all(
    (await listed()).map(({ id }) => service.call<Issue>("office01", "GET", `/issues/${id}`)),
  );
  const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
  const expected = new Map(
    Array.from({ length: REPORTS }, (_, at) => [
      words(at + 1),
      Array.from({ length: PHOTOS }, (__, photo) => digest(bytesOf(at + 1, photo + 1))).sort(),
    ]),
  );
  expect(issues).toHaveLength(REPORTS);
  expect(new Map(issues.map((issue) => [issue.description, issue.photos.map((photo) => photo.sha256).sort()]))).toEqual(
    expected,
  );
  expect(issues.filter((issue) => issue.state !== "submitted")).toEqual([]);
  const originals = readdirSync(join(service.data, "photos", "originals"), { recursive: true }).filter((name) =>
    statSync(join(service.data, "photos", "originals", String(name))).isFile(),
  );
  expect(originals).toHaveLength(REPORTS * PHOTOS);

  const { counts } = proxy;
  const broken = FAULTS.reduce((sum, fault) => sum + counts.faults[fault], 0);
  const photoBytes = [...expected.keys()].reduce(
    (sum, _, at) =>
      sum + Array.from({ length: PHOTOS }, (__, photo) => bytesOf(at + 1, photo + 1).length).reduce((a, b) => a + b),
    0,
  );
  const byFault = FAULTS.map((fault) => `${fault} ${counts.faults[fault]}`).join(", ");
  console.log(
    `${database}: ${counts.calls} calls, of which broken ${broken} (${byFault}); ` +
      `${photoBytes} bytes of photos, ${counts.bodyBytes} bytes sent`,
  );
  for (const fault of FAULTS) expect(counts.faults[fault], fault).toBeGreaterThan(0);
  expect(counts.bodyBytes).toBeGreaterThanOrEqual(photoBytes);
  // A broken call may cost the bytes of one call and no more; a report without photos takes 2 kB.
  expect(counts.bodyBytes).toBeLessThanOrEqual(photoBytes + (broken + 1) * counts.largestBody + counts.calls * 2_048);
});
