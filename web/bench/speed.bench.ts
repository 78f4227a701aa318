// How long a person waits, on a phone six times slower than this machine.
import { randomUUID } from "node:crypto";
import type { CDPSession, Page } from "@playwright/test";
import { jpeg } from "../tests-browser/jpeg";
import { expect, signIn, test, workerReady } from "../tests-browser/service";
import type { Service } from "../tests-browser/service";
import { atHome, takePhotos } from "../tests-browser/steps";

const RUNS = 5;
const SLOWER = 6;
/** Slow 3G: 400 ms there and back, 400 kbit/s. */
const SLOW_3G = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const LISTED = 300;
const PHOTO_BYTES = 3_000_000;

const table: string[][] = [];
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
function note(what: string, target: string, values: number[], unit = "ms"): void {
  table.push([
    what,
    target,
    `${Math.round(median(values))} ${unit}`,
    values.map((value) => Math.round(value)).join(", "),
  ]);
}

test.afterAll(() => {
  for (const row of [["what", "target", "median", "runs"], ["---", "---", "---", "---"], ...table])
    console.log(`| ${row.join(" | ")} |`);
});

async function slowDown(page: Page, network: boolean): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  if (network) {
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", SLOW_3G);
  }
  return session;
}

/** Time from the start of the navigation until the app has rendered, by the page's own clock. */
const drawnAt = (page: Page, selector: string): Promise<number> =>
  page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const look = () => {
          if (document.querySelector(wanted)) requestAnimationFrame(() => resolve(performance.now()));
          else requestAnimationFrame(look);
        };
        look();
      }),
    selector,
  );

test("first load until the sign-in form can be used", async ({ open, service }) => {
  const form: number[] = [];
  const home: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const page = await open();
    const session = await slowDown(page, true);
    await page.goto(service.app, { waitUntil: "commit" });
    form.push(await drawnAt(page, "input[type=password]"));
    await session.detach();
    await page.getByLabel("用户名").fill("inspector01");
    await page.getByLabel("密码", { exact: true }).fill("Anfang-demo-2026");
    await slowDown(page, true);
    const before = await page.evaluate(() => performance.now());
    await page.getByRole("button", { name: "登录" }).click({ noWaitAfter: true });
    home.push((await drawnAt(page, "#points-title ~ ul a, #points-title ~ .list a")) - before);
    await page.context().close();
  }
  note("first load, 6\u00d7 slower, slow 3G, nothing kept: sign-in form", "\u2264 3 s", form);
  note("from pressing sign in to the list of places, the same", "", home);
});

test("start from the service worker", async ({ page, service }) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await workerReady(page);
  const runs: number[] = [];
  await slowDown(page, true);
  for (let run = 0; run < RUNS; run += 1) {
    await page.goto("about:blank");
    await page.goto(service.app, { waitUntil: "commit" });
    runs.push(await drawnAt(page, "#points-title ~ ul a, #points-title ~ .list a"));
  }
  note("start from the service worker, signed in, the same: list of places", "\u2264 1 s", runs);
});

/** Creates so many issues of one unit without a browser. */
async function fill(service: Service, count: number): Promise<void> {
  const reference = await service.call<{
    points: { id: string; type: string }[];
    items: { code: string; limit: string | null; point_types: string[] }[];
    units: { id: string; code: string }[];
  }>("office01", "GET", "/reference");
  const unit = reference.units.find((one) => one.code === "U01");
  const item = reference.items.find((one) => one.limit !== null && one.point_types.includes("EST"));
  const points = reference.points.filter((one) => one.type === "EST");
  for (let at = 0; at < count; at += 1) {
    const point = points[at % points.length];
    const [id, photo] = [randomUUID(), randomUUID()];
    await service.call("inspector02", "PUT", `/photos/${photo}`, jpeg(at));
    await service.call("inspector02", "PUT", `/issues/${id}`, {
      point_id: point?.id,
      item_code: item?.code,
      severity: "low",
      description: "",
      captured_at: new Date().toISOString(),
      location: null,
      photos: [{ id: photo, view: "far" }],
    });
    await service.act("office01", id, "approve", { unit_id: unit?.id });
    await service.act("office02", id, "release", {});
  }
}

/** Half screens that a phone scrolls to reach the end of 300 cards. */
const FRAMES = 120;

test("scrolling through a long list", async ({ open, service }) => {
  await fill(service, LISTED);
  for (const [user, address, what] of [
    ["unit01", "all", "a unit's list"],
    ["office01", "issues", "the office's list"],
  ] as const) {
    const page = await open(user === "office01" ? { viewport: { width: 1440, height: 900 } } : {});
    await signIn(page, service, user);
    await page.goto(`${service.app}/#/${address}`);
    const rows = page.locator(user === "unit01" ? "main article" : "tbody tr");
    await expect(rows.first()).toBeVisible();
    // The whole list, as if somebody had loaded all of it.
    const more = page.getByRole("button", { name: /加载更多/ });
    for (let shown = await rows.count(); shown < LISTED; shown = await rows.count()) {
      await more.click();
      await expect.poll(() => rows.count()).toBeGreaterThan(shown);
    }
    await slowDown(page, false);
    const longest: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      longest.push(
        await page.evaluate(
          (most) =>
            new Promise<number>((resolve) => {
              let worst = 0;
              const observer = new PerformanceObserver((list) => {
                for (const task of list.getEntries()) worst = Math.max(worst, task.duration);
              });
              scrollTo(0, 0);
              observer.observe({ entryTypes: ["longtask"] });
              let frames = 0;
              const step = () => {
                scrollBy(0, innerHeight / 2);
                frames += 1;
                if (frames < most) requestAnimationFrame(step);
                else
                  setTimeout(() => {
                    observer.disconnect();
                    resolve(worst);
                  }, 300);
              };
              requestAnimationFrame(step);
            }),
          FRAMES,
        ),
      );
    }
    note(
      `longest task while scrolling ${what} of ${LISTED} (${await rows.count()} drawn), 6\u00d7 slower`,
      "\u2264 100 ms",
      longest,
    );
    await page.context().close();
  }
});

test("saving a report with three photos", async ({ page, context, service }) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  for (const rate of [1, SLOWER]) {
    const runs: number[] = [];
    const session = await page.context().newCDPSession(page);
    for (let run = 0; run < RUNS; run += 1) {
      await page.getByRole("link", { name: "拍照上报" }).click();
      await takePhotos(page, [run * 10 + 1, run * 10 + 2, run * 10 + 3], PHOTO_BYTES);
      await page.locator("#report-item .choice:has(input:enabled)").first().click();
      await session.send("Emulation.setCPUThrottlingRate", { rate });
      runs.push(
        await page.evaluate(
          () =>
            new Promise<number>((resolve) => {
              const from = performance.now();
              const look = () => {
                if (location.hash.includes("saved=1") && document.querySelector(".notice.tone-success"))
                  resolve(performance.now() - from);
                else requestAnimationFrame(look);
              };
              document.querySelector<HTMLButtonElement>(".sticky .button-primary")?.click();
              look();
            }),
        ),
      );
      await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    }
    note(
      `from pressing save to "saved", three photos of 3 MB${rate === 1 ? "" : `, ${rate}\u00d7 slower`}`,
      rate === 1 ? "< 300 ms" : "",
      runs,
    );
  }
});
