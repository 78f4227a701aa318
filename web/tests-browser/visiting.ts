// Visits as inspectors make them, and batches that give them tasks.
import { randomBytes, randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { expect } from "./service";
import type { Service } from "./service";
import { photoFile } from "./steps";

export interface StoredVisit {
  id: string;
  point: { name: string };
  task: { batch_id: string; number: number } | null;
  results: { item_code: string; result: string; note: string; photo_ids: string[]; issue_id: string | null }[];
  interviews: unknown[];
  missing_photos: string[];
  location: object | null;
}
export interface VisitItem {
  code: string;
  point_types: string[];
}

/** Every visit that the service has, as the office reads it. */
export async function storedVisits(service: Service): Promise<StoredVisit[]> {
  const { items } = await service.call<{ items: { id: string }[] }>("office01", "GET", "/visits?limit=200");
  return Promise.all(items.map(({ id }) => service.call<StoredVisit>("office01", "GET", `/visits/${id}`)));
}

/** The codes of the items that are looked for at places of this type, in the order of the form. */
export async function itemsOf(service: Service, type: string): Promise<string[]> {
  const { items } = await service.call<{ items: VisitItem[] }>("office01", "GET", "/reference");
  return items
    .filter(({ point_types }) => point_types.includes("*") || point_types.includes(type))
    .map(({ code }) => code);
}

export const itemCard = (page: Page, code: string): Locator => page.locator(`[id="item-${code}"]`);
export const choose = (page: Page, code: string, result: string): Promise<void> =>
  itemCard(page, code).locator(`.choice-${result}`).click();

/** Begins a visit that nobody drew, from the page of the point. */
export async function beginSudden(page: Page, place = "禾苑小区"): Promise<void> {
  await page.getByRole("region", { name: "附近点位" }).getByText(place, { exact: true }).click();
  await page.getByRole("link", { name: "突击暗访" }).click();
  await expect(page.getByText(/^已查 0\/\d+ 项$/)).toBeVisible();
}

/** An item that fails: its report is written and saved, and the form of the visit is there again. */
export async function failItem(page: Page, code: string, seeds: number[], words: string, padding = 0): Promise<void> {
  const isFailing = await itemCard(page, code).locator(".choice-fails input").isChecked();
  if (isFailing) await itemCard(page, code).getByRole("button", { name: "上报问题" }).click();
  else await choose(page, code, "fails");
  await expect(page.getByRole("heading", { name: "上报问题" })).toBeVisible();
  for (const [at, seed] of seeds.entries()) {
    await page.locator(".take-main input").setInputFiles(photoFile(seed, padding));
    await expect(page.getByAltText(`第 ${at + 1} 张照片`)).toBeVisible();
  }
  await page.getByLabel("问题描述").fill(words);
  await page.getByRole("button", { name: "保存", exact: true }).click();
  // The form stands where it was left.
  await expect(itemCard(page, code)).toBeInViewport();
}

/** Whether a text that was entered into a draft of this kind is on the disk. */
export const isKept = (page: Page, words: string): Promise<boolean> =>
  page.evaluate(
    (text) =>
      new Promise<boolean>((resolve) => {
        const open = indexedDB.open("anfang");
        open.onsuccess = () => {
          const all = open.result.transaction("drafts").objectStore("drafts").getAll();
          all.onsuccess = () => {
            open.result.close();
            resolve(JSON.stringify(all.result).includes(text));
          };
        };
      }),
    words,
  );

const DAY_MS = 24 * 3_600_000;
const ZONE_MS = 8 * 3_600_000;

/** A batch that is drawn for the whole of today, with as many tasks as there are inspectors. */
export async function drawBatch(service: Service): Promise<string> {
  const { items } = await service.call<{ items: unknown[] }>("office01", "GET", "/inspectors");
  const date = new Date(Date.now() + ZONE_MS).toISOString().slice(0, 10);
  const id = randomUUID();
  const office = <T>(user: string, method: string, path: string, body?: unknown, version?: number) =>
    service.call<T>(user, method, path, body, version === undefined ? {} : { "If-Match": `"${version}"` });
  const versionNow = async () => (await office<{ version: number }>("office01", "GET", `/batches/${id}`)).version;
  await office("office01", "PUT", `/batches/${id}`, {
    title: "今天的批次",
    window_from: date,
    window_to: date,
    campaigns: [],
    areas: [],
    rules: {
      algorithm: "anfang-draw/1",
      slots: [{ date, from_minute: 0, to_minute: DAY_MS / 60_000, kind: "day" }],
      evening_min: 0,
      weekend_min: 0,
      open_places: items.length,
      proportional_places: 0,
      quotas: [],
      point_visits_max: 2,
      unit_visits_max: 60,
      pair_types: [],
      pair_severe: false,
      tasks_per_inspector_max: 1,
      demo_percent: 100,
    },
  });
  const step = async (user: string, action: string, body: unknown) =>
    office<{ commitment_sha256: string }>(user, "POST", `/batches/${id}/actions/${action}`, body, await versionNow());
  await step("office01", "propose", {});
  const { commitment_sha256 } = await step("office02", "approve", { approval_no: "1" });
  await step("office02", "draw", { commitment_sha256, nonce: randomBytes(32).toString("hex") });
  return id;
}
