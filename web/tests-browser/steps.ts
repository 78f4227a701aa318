// Steps that several tests share.
import type { Locator, Page } from "@playwright/test";
import { jpeg } from "./jpeg";
import { expect } from "./service";

export const photoFile = (seed: number, padding = 0) => ({
  name: "photo.jpg",
  mimeType: "image/jpeg",
  buffer: Buffer.from(jpeg(seed, padding)),
});
export const camera = (page: Page): Locator => page.locator(".take-main input");

/** The reference data is loaded: the app can be used without a network. */
export const atHome = (page: Page): Promise<void> => expect(page.getByText("禾苑小区", { exact: true })).toBeVisible();

export async function takePhotos(page: Page, seeds: number[], padding = 0): Promise<void> {
  for (const [at, seed] of seeds.entries()) {
    await camera(page).setInputFiles(photoFile(seed, padding));
    await expect(page.getByAltText(`第 ${at + 1} 张照片`)).toBeVisible();
  }
}

/** A whole report, saved on the phone. */
export async function writeReport(page: Page, seeds: number[], padding = 0): Promise<void> {
  await page.getByRole("link", { name: "拍照上报" }).click();
  await takePhotos(page, seeds, padding);
  await page.locator("#report-item .choice:has(input:enabled)").first().click();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page).toHaveURL(/outbox/);
}

/** Presses Tab until the element has the focus. */
export async function tabTo(page: Page, target: Locator, presses = 80): Promise<void> {
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`not reached with ${presses} presses of Tab: ${String(target)}`);
}

/** Waits until nothing is loading any more. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator("h1")).toBeVisible();
  await expect(page.locator(".skeleton, [role=status] > .visually-hidden")).toHaveCount(0);
  await expect
    .poll(() =>
      page.evaluate(() =>
        [...document.images].every(
          (image) => image.complete || image.offsetParent === null || image.getBoundingClientRect().top > innerHeight,
        ),
      ),
    )
    .toBe(true);
}

/** Decisions of the office that are held back, or not answered yet. */
export const heldBack = (page: Page): Promise<number> =>
  page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("held/")).length);

export const fitsWidth = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
