import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { crc32, deflateSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { expect, signIn, test as base } from "./service";

const RED = [200, 30, 40] as const;
const BLUE = [30, 60, 200] as const;

/** A picture of one colour. */
function png([red, green, blue]: readonly [number, number, number], side = 64): Buffer {
  const part = (name: string, bytes: Buffer) => {
    const body = Buffer.concat([Buffer.from(name), bytes]);
    const [head, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    head.writeUInt32BE(bytes.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, check]);
  };
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: side }, () => Buffer.from([red, green, blue]))]);
  const rows = deflateSync(Buffer.concat(Array.from({ length: side }, () => row)));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    part("IHDR", header),
    part("IDAT", rows),
    part("IEND", Buffer.alloc(0)),
  ]);
}

/** A tile server with blue tiles, until it is told to fail. */
const test = base.extend<{ tiles: { url: string; isDown: boolean; asked: string[] } }>({
  tiles: async ({}, use) => {
    const state = { url: "", isDown: false, asked: [] as string[] };
    const server = createServer((request, response) => {
      state.asked.push(request.url ?? "");
      if (state.isDown) response.writeHead(503).end();
      else response.writeHead(200, { "Content-Type": "image/png" }).end(png(BLUE, 256));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await use(state);
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  },
});

/** The most common colour in the middle of the map, because marks may be anywhere. */
const groundOf = (page: Page): Promise<string> =>
  page
    .locator("canvas.map")
    .first()
    .evaluate((canvas: HTMLCanvasElement) => {
      const { width, height } = canvas;
      const pixels = canvas.getContext("2d")?.getImageData(width / 4, height / 4, width / 2, height / 2).data ?? [];
      const seen: Record<string, number> = { red: 0, blue: 0, plain: 0 };
      for (let at = 0; at < pixels.length; at += 4) {
        const [red = 0, green = 0, blue = 0] = pixels.slice(at, at + 3);
        const kind = red > green + 80 ? "red" : blue > green + 80 ? "blue" : "plain";
        seen[kind] = (seen[kind] ?? 0) + 1;
      }
      return Object.entries(seen).sort(([, a], [, b]) => b - a)[0]?.[0] ?? "";
    });
const drawn = (page: Page): Promise<string> =>
  page.locator("canvas.map").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
const middle = async (page: Page): Promise<{ x: number; y: number }> => {
  const box = await page.locator("canvas.map").boundingBox();
  return { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 };
};

test("the map shows what the filters ask for, and a mark leads to its issues", async ({ page, service }) => {
  await service.seed("assigned");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/issues`);
  await page.locator("summary").filter({ hasText: "筛选" }).click();
  await page.getByLabel("状态").selectOption("assigned");
  await page.getByRole("link", { name: "在地图上看" }).click();
  await expect(page).toHaveURL(/#\/map\?state=assigned$/);
  const list = page.getByRole("list", { name: "点位与未办结问题" });
  await expect(list.getByRole("listitem")).toHaveCount(1);
  // The only mark is in the middle.
  await page.locator("canvas.map").click({ position: await middle(page) });
  const card = page.getByRole("status").filter({ hasText: "禾苑小区" });
  await expect(card).toContainText("1 件");
  await card.getByRole("link", { name: "看问题" }).click();
  await expect(page.locator("tbody tr")).toHaveCount(1);
  await expect(page.getByText("点位：禾苑小区")).toBeVisible();
  await page.goto(`${service.app}/#/map?state=closed`);
  await expect(page.getByText("没有符合的问题")).toBeVisible();
});

test("a place by its address is in the middle of the map, with its name", async ({ page, service }) => {
  const { points } = await service.call<{ points: { id: string; name: string }[] }>("office01", "GET", "/reference");
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/map`);
  await expect(page.locator("canvas.map")).toBeVisible();
  const whole = await drawn(page);
  await page.goto(`${service.app}/#/map?point=${points[0]?.id ?? ""}`);
  await expect(page.getByRole("status").filter({ hasText: points[0]?.name ?? "?" })).toBeVisible();
  await expect.poll(() => drawn(page)).not.toBe(whole);
});

test("the map goes nearer by buttons, keys and wheel, opens what it gathered, and back to all", async ({
  page,
  service,
}) => {
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/map`);
  const canvas = page.locator("canvas.map");
  await expect(canvas).toBeVisible();
  const whole = await drawn(page);
  const changes = async (act: () => Promise<void>) => {
    const before = await drawn(page);
    await act();
    await expect.poll(() => drawn(page)).not.toBe(before);
  };
  await changes(() => page.getByRole("button", { name: "放大" }).click());
  await changes(async () => {
    await canvas.focus();
    await page.keyboard.press("-");
  });
  await changes(() => page.keyboard.press("ArrowLeft"));
  await changes(async () => {
    await canvas.hover();
    await page.mouse.wheel(0, -200);
  });
  await changes(async () => {
    await page.mouse.down();
    await page.mouse.move(500, 500);
    await page.mouse.up();
  });
  await changes(() => page.getByRole("button", { name: "看全部" }).click());
  expect(await drawn(page)).toBe(whole);
  // Zoomed out, all places are one mark; a click on it separates them.
  for (let step = 0; step < 14; step += 1) await page.getByRole("button", { name: "缩小" }).click();
  await changes(async () => canvas.click({ position: await middle(page) }));
});

test("the office puts a picture under the map, and takes it away", async ({ page, service, open }) => {
  await signIn(page, service, "office01");
  await page.getByRole("link", { name: "我的" }).click();
  await page.goto(`${service.app}/#/settings`);
  await page.getByRole("link", { name: /地图底图/ }).click();
  await expect(page.getByText("还没有自己的底图。")).toBeVisible();
  const input = page.locator("input[type=file]");
  await input.setInputFiles({ name: "plan.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await expect(page.getByRole("alert")).toContainText("这张图片打不开");
  await input.setInputFiles({ name: "plan.png", mimeType: "image/png", buffer: png(RED) });
  await expect.poll(() => groundOf(page)).toBe("red");
  const west = page.getByLabel("西边经度");
  const guess = await west.inputValue();
  await west.fill("107.");
  await expect(page.getByText("请填十进制度数")).toBeVisible();
  await page.getByRole("button", { name: "保存底图" }).click();
  await expect(west).toBeFocused();
  await west.fill(guess);
  await page.getByRole("button", { name: "左移" }).click();
  await expect(west).not.toHaveValue(guess);
  await page.getByLabel("这些经纬度用的坐标系").selectOption("gcj02");
  await page.getByRole("button", { name: "保存底图" }).click();
  await expect(page.getByText("底图已保存")).toBeVisible();
  const { image } = await service.call<{ image: { crs: string; corners: number[][] } }>("unit01", "GET", "/map");
  expect([image.crs, image.corners[0]?.[0]]).toEqual(["gcj02", Number(await west.inputValue())]);

  // A later move of the picture does not send it again.
  const puts: string[] = [];
  page.on("request", (request) => {
    if (request.method() !== "GET") puts.push(request.method());
  });
  await page.getByRole("radio", { name: "有旋转，填四个角" }).check({ force: true });
  await expect(page.getByLabel("左上角经度")).toHaveValue(await page.getByLabel("左下角经度").inputValue());
  await page.getByRole("button", { name: "上移" }).click();
  await page.getByRole("button", { name: "保存底图" }).click();
  await expect(page.getByText("底图已保存")).toBeVisible();
  expect(puts).toEqual(["PATCH"]);

  const leader = await open();
  await signIn(leader, service, "office02");
  await leader.goto(`${service.app}/#/map`);
  await expect.poll(() => groundOf(leader)).toBe("red");
  await leader.getByRole("button", { name: "底图" }).click();
  await expect.poll(() => groundOf(leader)).toBe("plain");

  await page.getByRole("button", { name: "撤下底图" }).click();
  await page.getByRole("button", { name: "撤下底图" }).click();
  await expect(page.getByText("底图已撤下。")).toBeVisible();
  await leader.reload();
  await expect(leader.locator("canvas.map")).toBeVisible();
  await expect(leader.getByRole("button", { name: "底图" })).toHaveCount(0);
});

test("an administrator, who has no map, can put the picture there", async ({ page, service }) => {
  await signIn(page, service, "admin");
  await page.getByRole("link", { name: /地图底图/ }).click();
  await page.locator("input[type=file]").setInputFiles({ name: "plan.png", mimeType: "image/png", buffer: png(RED) });
  await page.getByRole("button", { name: "放大", exact: true }).click();
  await page.getByRole("button", { name: "保存底图" }).click();
  await expect(page.getByText("底图已保存")).toBeVisible();
});

test("corners that make no picture are refused in words, and what was typed stays", async ({ page, service }) => {
  await signIn(page, service, "office01");
  await page.goto(`${service.app}/#/settings/ground`);
  await page.locator("input[type=file]").setInputFiles({ name: "plan.png", mimeType: "image/png", buffer: png(RED) });
  const [west, east] = [page.getByLabel("西边经度"), page.getByLabel("东边经度")];
  const [left, right] = [await west.inputValue(), await east.inputValue()];
  await west.fill(right);
  await east.fill(left);
  await page.getByRole("button", { name: "保存底图" }).click();
  await expect(page.getByRole("alert")).toContainText("格式不对");
  await expect(west).toHaveValue(right);
  await west.fill(left);
  await east.fill(right);
  await page.getByRole("button", { name: "保存底图" }).click();
  await expect(page.getByText("底图已保存")).toBeVisible();
});

test.describe("tiles of the county's network", () => {
  test.use({
    flags: async ({ tiles }, use) =>
      use(["--map-tiles", `${tiles.url}/w/{z}/{x}/{y}.png`, "--map-tiles-credit", "县自然资源局"]),
  });

  test("lie under the map, named; without them the map goes on", async ({ page, service, tiles }) => {
    await signIn(page, service, "office01");
    await page.goto(`${service.app}/#/map`);
    await expect(page.getByText("底图：县自然资源局")).toBeVisible();
    // A picture of another host cannot be read back, only seen.
    const shot = () => page.locator("canvas.map").screenshot();
    const hidden = page.getByRole("button", { name: "底图", exact: true });
    await expect.poll(() => tiles.asked.length).toBeGreaterThan(3);
    await expect.poll(async () => await blueness(page, await shot())).toBeGreaterThan(60);
    await hidden.click();
    await expect.poll(async () => await blueness(page, await shot())).toBeLessThan(20);
    await hidden.click();
    tiles.isDown = true;
    await page.getByRole("button", { name: "放大" }).click();
    for (let step = 0; step < 4; step += 1) await page.getByRole("button", { name: "放大" }).click();
    await expect(page.getByText("有一部分底图没有取到，点位不受影响。")).toBeVisible();
    tiles.isDown = false;
    await page.getByRole("button", { name: "重试" }).click();
    await expect(page.getByText("有一部分底图没有取到")).toHaveCount(0);
    await expect.poll(async () => await blueness(page, await shot())).toBeGreaterThan(60);
  });
});

/** The median difference of blue and green in a screenshot, read by the browser, which can decode PNG. */
const blueness = (page: Page, shot: Buffer): Promise<number> =>
  page.evaluate(async (base64) => {
    const picture = new Image();
    picture.src = `data:image/png;base64,${base64}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.naturalWidth, picture.naturalHeight];
    const brush = canvas.getContext("2d");
    brush?.drawImage(picture, 0, 0);
    const pixels = brush?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    const found: number[] = [];
    for (let at = 0; at < pixels.length; at += 40) found.push((pixels[at + 2] ?? 0) - (pixels[at + 1] ?? 0));
    return found.sort((a, b) => a - b)[found.length >> 1] ?? 0;
  }, shot.toString("base64"));
