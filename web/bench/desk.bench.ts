// How long the office waits at its desk: for the next case after a decision, and for a long list.
import { randomUUID } from "node:crypto";
import type { Page } from "@playwright/test";
import { expect, signIn, test } from "../tests-browser/service";

test.use({ viewport: { width: 1440, height: 900 } });

const CASES = 40;
const LISTED = 300;
const SLOWER = 6;
const table: string[] = [];
const at = (values: number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)] ?? NaN;

test.afterAll(() => {
  for (const row of ["| what | target | p50 | p95 | most |", "| --- | --- | --- | --- | --- |", ...table])
    console.log(row);
});
function note(what: string, target: string, values: number[]): void {
  const figures = [0.5, 0.95, 1].map((share) => `${Math.round(at(values, share))} ms`);
  table.push(`| ${what} | ${target} | ${figures.join(" | ")} |`);
}

test("from the key that decides to the next case", async ({ page, service }) => {
  test.setTimeout(900_000);
  for (let count = 0; count < CASES; count += 1) await service.seed("submitted");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/queue?kind=review`);
  const confirm = page.locator(".case-decision [type=submit]");
  await expect(confirm).toBeEnabled();
  // From the key until a frame has been painted in which another case, with its form, stands in the panel.
  await page.evaluate(() => {
    const kept: number[] = [];
    Object.assign(window, { kept });
    addEventListener(
      "keydown",
      (event) => {
        if (event.key !== "Enter") return;
        const began = performance.now();
        const before = document.querySelector(".case");
        const look = () => {
          const now = document.querySelector(".case");
          const isNext = now !== null && now !== before && now.querySelector("[type=submit]") !== null;
          if (!isNext) requestAnimationFrame(look);
          else {
            const painted = new MessageChannel();
            painted.port1.onmessage = () => kept.push(performance.now() - began);
            painted.port2.postMessage(null);
          }
        };
        requestAnimationFrame(look);
      },
      true,
    );
  });
  for (let count = 1; count < CASES; count += 1) {
    await expect(confirm).toBeEnabled();
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => (window as unknown as { kept: number[] }).kept.length)).toBe(count);
  }
  note(
    "queue: from the key that decides to the next case, painted",
    "\u2264 100 ms at p95",
    await page.evaluate(() => (window as unknown as { kept: number[] }).kept),
  );
});

test("a list of 300 dense rows", async ({ page, service }) => {
  test.setTimeout(900_000);
  const reference = await service.call<{
    points: { id: string; type: string }[];
    items: { code: string; point_types: string[] }[];
  }>("office01", "GET", "/reference");
  const [point] = reference.points;
  const item = reference.items.find((one) => one.point_types.includes(point?.type ?? ""));
  for (let count = 0; count < LISTED; count += 1)
    await service.call("inspector02", "PUT", `/issues/${randomUUID()}`, {
      point_id: point?.id,
      item_code: item?.code,
      severity: "low",
      description: `${count}`,
      captured_at: new Date().toISOString(),
      location: null,
      photos: [{ id: randomUUID(), view: "far" }],
    });
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(entry.duration);
    }).observe({ type: "longtask", buffered: true });
  });
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/overview`);
  await expect(page.locator("h1")).toBeVisible();
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  const tasks = (of: Page) => of.evaluate(() => (window as unknown as { tasks: number[] }).tasks.splice(0));
  // Pressed in the page: looking for an element by its role would be a long task itself.
  const press = (selector: string) =>
    page.evaluate((wanted) => document.querySelector<HTMLElement>(wanted)?.click(), selector);
  await page.waitForTimeout(2_000);
  await tasks(page);
  const rows = page.locator("tbody tr");
  await press('nav a[href="#/issues"]');
  await expect(rows).toHaveCount(50);
  await page.waitForTimeout(1_500);
  const opened = await tasks(page);
  for (let shown = 50; shown < LISTED; shown += 50) {
    await press(".issues ~ .button-wide");
    await expect(rows).toHaveCount(shown + 50);
  }
  await page.waitForTimeout(1_000);
  const read = await tasks(page);
  for (let count = 0; count < 20; count += 1) await page.keyboard.press("j");
  for (let count = 0; count < 5; count += 1) await page.keyboard.press("x");
  for (let turn = 0; turn < 20; turn += 1) await page.mouse.wheel(0, 600);
  await page.waitForTimeout(1_000);
  const used = await tasks(page);
  await press("tbody tr:nth-child(10) a");
  await expect(page).toHaveURL(/#\/issue\//);
  await page.waitForTimeout(1_500);
  await tasks(page);
  await page.goBack();
  await expect(rows).toHaveCount(LISTED);
  await page.waitForTimeout(1_500);
  const back = await tasks(page);
  for (const [what, values] of [
    ["opened", opened],
    ["read on to 300", read],
    ["keys, choosing and scrolling at 300", used],
    ["back from an issue to 300", back],
  ] as const)
    note(`list, 6\u00d7 slower: long tasks when it is ${what}`, "\u2264 100 ms", values.length > 0 ? [...values] : [0]);
});
