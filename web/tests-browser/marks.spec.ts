// Marks on photos: stored beside the photo and sent with it, never part of it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { bringAxe, violations } from "./accessibility";
import { jpeg } from "./jpeg";
import { atHome, camera, fitsWidth, photoFile, tabTo, takePhotos } from "./steps";
import { expect, signIn, test } from "./service";

interface Mark {
  kind: string;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}
interface SentPhoto {
  id: string;
  view: string;
  marks?: Mark[];
}

/** Whether the contract has marks. */
const isTaken = /"marks"/.test(readFileSync("../docs/generated/openapi.json", "utf8"));

const editor = (page: Page): Locator => page.getByRole("dialog", { name: /^标注第/ });
const stage = (page: Page): Locator => editor(page).getByRole("application");
const press = (page: Page, name: string): Promise<void> =>
  editor(page).getByRole("button", { name, exact: true }).click();
/** Number of marks drawn over the picture; a line and its outline count as one. */
const shapes = (within: Locator): Locator => within.locator(".marks g");

async function openEditor(page: Page, number = 1): Promise<void> {
  await page.getByRole("button", { name: `标注第 ${number} 张照片` }).click();
  await expect(editor(page)).toBeVisible();
  await expect(editor(page).locator("svg.marks")).toBeAttached();
}

/** The point on the screen for a point of the picture. */
async function placeOf(page: Page, x: number, y: number): Promise<[number, number]> {
  const box = await stage(page).boundingBox();
  const size = await stage(page)
    .locator("img")
    .evaluate((image: HTMLImageElement) => ({ width: image.naturalWidth, height: image.naturalHeight }));
  if (!box) throw new Error("the stage is not there");
  const scale = Math.min(box.width / size.width, box.height / size.height);
  return [
    box.x + box.width / 2 + (x - 0.5) * size.width * scale,
    box.y + box.height / 2 + (y - 0.5) * size.height * scale,
  ];
}

async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  await page.mouse.move(...(await placeOf(page, ...from)));
  await page.mouse.down();
  await page.mouse.move(...(await placeOf(page, (from[0] + to[0]) / 2, (from[1] + to[1]) / 2)));
  await page.mouse.move(...(await placeOf(page, ...to)));
  await page.mouse.up();
}
const tap = async (page: Page, x: number, y: number): Promise<void> => page.mouse.click(...(await placeOf(page, x, y)));

async function drawEach(page: Page): Promise<void> {
  await drag(page, [0.1, 0.2], [0.5, 0.6]);
  await press(page, "圆圈");
  await drag(page, [0.9, 0.1], [0.6, 0.5]);
  await press(page, "遮挡");
  await drag(page, [0.6, 0.7], [0.8, 0.9]);
  await expect(shapes(stage(page))).toHaveCount(3);
}
const DRAWN: Mark[] = [
  { kind: "arrow", x1: 0.1, y1: 0.2, x2: 0.5, y2: 0.6 },
  { kind: "circle", x1: 0.6, y1: 0.1, x2: 0.9, y2: 0.5 },
  { kind: "blur", x1: 0.6, y1: 0.7, x2: 0.8, y2: 0.9 },
];
/** Pixels of the screen are coarser than stored marks. */
const coarse = (marks: Mark[] = []): Mark[] =>
  marks.map(
    ({ kind, ...at }) =>
      ({
        kind,
        ...Object.fromEntries(Object.entries(at).map(([name, value]) => [name, Math.round(value * 50) / 50])),
      }) as Mark,
  );

async function fillReport(page: Page): Promise<void> {
  await page.getByRole("link", { name: "拍照上报" }).click();
  await takePhotos(page, [801, 802]);
  await page.locator("#report-item .choice:has(input:enabled)").first().click();
}

test("marks are drawn without a network, come back with the draft, and are in the report that is sent", async ({
  page,
  context,
  service,
}) => {
  const sent: { photos: SentPhoto[] }[] = [];
  await page.route("**/api/v1/issues/*", (route) => {
    if (route.request().method() !== "PUT") return route.continue();
    sent.push(route.request().postDataJSON() as { photos: SentPhoto[] });
    return route.abort();
  });
  await signIn(page, service, "inspector01");
  await atHome(page);
  await context.setOffline(true);
  await fillReport(page);
  await openEditor(page);
  await drawEach(page);
  await press(page, "箭头");
  await drag(page, [0.9, 0.9], [0.2, 0.9]);
  await expect(shapes(stage(page))).toHaveCount(4);
  await press(page, "撤销");
  await expect(shapes(stage(page))).toHaveCount(3);
  await press(page, "完成");
  await expect(editor(page)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "标注第 1 张照片" })).toBeFocused();
  await expect(page.getByAltText("第 1 张照片，标注 3 处")).toBeVisible();
  await expect(shapes(page.locator("#report-photos li").first())).toHaveCount(3);
  await expect(shapes(page.locator("#report-photos li").nth(1))).toHaveCount(0);

  await page
    .getByRole("button", { name: "返回" })
    .or(page.getByRole("link", { name: "返回" }))
    .click();
  await page.getByRole("link", { name: /继续填写/ }).click();
  await expect(page.getByAltText("第 1 张照片，标注 3 处")).toBeVisible();
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("已保存在本机，会自动发送。")).toBeVisible();
  await expect(shapes(page.locator(".thumb").first())).toHaveCount(3);

  await context.setOffline(false);
  await expect.poll(() => sent.length).toBeGreaterThan(0);
  expect(coarse(sent[0]?.photos[0]?.marks)).toEqual(DRAWN);
  for (const value of (sent[0]?.photos[0]?.marks ?? []).flatMap(({ x1, y1, x2, y2 }) => [x1, y1, x2, y2]))
    expect(value).toBe(Number(value.toFixed(4)));
  expect(Object.keys(sent[0]?.photos[1] ?? {})).not.toContain("marks");

  // It never arrived, so it may be changed; what was drawn is still drawn.
  await page.getByRole("button", { name: "修改" }).click();
  await expect(page.getByAltText("第 1 张照片，标注 3 处")).toBeVisible();
});

test("the marks of a report arrive, and the original does not change", { tag: ["@both", "@marks"] }, async ({
  page,
  service,
}) => {
  test.skip(!isTaken, "the service does not take marks yet");
  await signIn(page, service, "inspector01");
  await atHome(page);
  await fillReport(page);
  await openEditor(page);
  await drawEach(page);
  await press(page, "完成");
  await page.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByText("全部送达")).toBeVisible({ timeout: 30_000 });
  const { items } = await service.call<{ items: { id: string }[] }>("office01", "GET", "/issues?limit=200");
  const { photos } = await service.call<{ photos: (SentPhoto & { sha256: string })[] }>(
    "office01",
    "GET",
    `/issues/${items[0]?.id ?? ""}`,
  );
  const marked = photos.filter(({ marks }) => marks && marks.length > 0);
  expect(marked).toHaveLength(1);
  expect(coarse(marked[0]?.marks)).toEqual(DRAWN);
  const digests = [801, 802].map((seed) => createHash("sha256").update(jpeg(seed)).digest("hex"));
  expect(photos.map(({ sha256 }) => sha256).sort()).toEqual(digests.sort());
});

test("a step carries the marks of its photos", async ({ page, service }) => {
  const id = await service.seed("assigned");
  await service.act("unit01", id, "sign-in", {});
  const sent: { photos: SentPhoto[] }[] = [];
  await page.route("**/actions/dispute", (route) => {
    sent.push(route.request().postDataJSON() as { photos: SentPhoto[] });
    return route.abort();
  });
  await signIn(page, service, "unit01");
  await page.goto(`${service.app}/#/issue/${id}/dispute`);
  await takePhotos(page, [811]);
  await page.getByLabel("理由").fill("照片中的位置不在本单位辖区");
  await openEditor(page);
  await press(page, "遮挡");
  await drag(page, [0.2, 0.2], [0.4, 0.6]);
  await press(page, "完成");
  await page.getByRole("button", { name: /^确认/ }).click();
  await expect.poll(() => sent.length).toBeGreaterThan(0);
  expect(coarse(sent[0]?.photos[0]?.marks)).toEqual([{ kind: "blur", x1: 0.2, y1: 0.2, x2: 0.4, y2: 0.6 }]);
});

test("two taps draw as well as dragging, and so do keys; one tap draws nothing", async ({ page, service }) => {
  await signIn(page, service, "inspector01");
  await page.getByRole("link", { name: "拍照上报" }).click();
  await takePhotos(page, [821]);
  await openEditor(page);
  await tap(page, 0.2, 0.2);
  await expect(editor(page).getByText("请点终点。")).toBeVisible();
  await press(page, "撤销");
  await expect(editor(page).getByText("请点终点。")).toHaveCount(0);
  await press(page, "圆圈");
  await tap(page, 0.2, 0.2);
  await tap(page, 0.6, 0.6);
  await expect(shapes(stage(page))).toHaveCount(1);

  await tabTo(page, stage(page));
  await page.keyboard.press("Enter");
  for (let count = 0; count < 5; count += 1) await page.keyboard.press("ArrowRight");
  for (let count = 0; count < 5; count += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(editor(page)).toHaveCount(0);
  await expect(page.getByAltText("第 1 张照片，标注 2 处")).toBeVisible();

  // Back closes the editor and keeps what was drawn; "cancel" takes it away.
  await openEditor(page);
  await drag(page, [0.1, 0.9], [0.5, 0.7]);
  await page.goBack();
  await expect(editor(page)).toHaveCount(0);
  await expect(page.getByAltText("第 1 张照片，标注 3 处")).toBeVisible();
  await openEditor(page);
  await press(page, "全部清除");
  await expect(shapes(stage(page))).toHaveCount(0);
  await press(page, "取消");
  await expect(page.getByAltText("第 1 张照片，标注 3 处")).toBeVisible();
});

test("a photo takes twelve marks, and no more are drawn", async ({ page, service }) => {
  await signIn(page, service, "inspector01");
  await page.getByRole("link", { name: "拍照上报" }).click();
  await takePhotos(page, [831]);
  await openEditor(page);
  for (let count = 0; count < 13; count += 1) await drag(page, [0.1, 0.05 + count * 0.07], [0.4, 0.05 + count * 0.07]);
  await expect(editor(page).getByText("每张照片最多标注 12 处。")).toBeVisible();
  await expect(shapes(stage(page))).toHaveCount(12);
});

test("a photo that this browser cannot show is not offered to draw on", async ({ page, service }) => {
  await signIn(page, service, "inspector01");
  await page.getByRole("link", { name: "拍照上报" }).click();
  const heic = Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1");
  await camera(page).setInputFiles({ name: "photo.heic", mimeType: "image/heic", buffer: heic });
  await expect(page.getByText("已保存，本机无法预览")).toBeVisible();
  await camera(page).setInputFiles(photoFile(841));
  await expect(page.getByRole("button", { name: "标注第 2 张照片" })).toBeVisible();
  await expect(page.getByRole("button", { name: "标注第 1 张照片" })).toHaveCount(0);
});

for (const [look, choices] of Object.entries({ light: {}, "elder, dark": { size: "xl", theme: "dark" } })) {
  test(`the editor passes the accessibility rules and fits the width, ${look}`, async ({ open, service }) => {
    const page = await open({ viewport: { width: 320, height: 640 } });
    await bringAxe(page.context());
    await page.addInitScript((kept) => localStorage.setItem("choices", JSON.stringify(kept)), choices);
    await signIn(page, service, "inspector01");
    await page.getByRole("link", { name: "拍照上报" }).click();
    await takePhotos(page, [851]);
    await openEditor(page);
    await drawEach(page);
    expect(await violations(page)).toEqual([]);
    expect(await fitsWidth(page)).toBe(true);
    const small = await editor(page)
      .locator("button")
      .evaluateAll((all) =>
        all
          .filter((one) => one.getBoundingClientRect().height < 44 || one.getBoundingClientRect().right > innerWidth)
          .map((one) => one.outerHTML),
      );
    expect(small).toEqual([]);
    expect((await stage(page).boundingBox())?.height).toBeGreaterThan(200);
  });
}
