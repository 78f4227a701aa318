// Starting with a problem: a full disk, failing storage, an old database, a missing module, an old browser.
import type { Page } from "@playwright/test";
import { openFirstVersion } from "../tests/firstVersion";
import type { FirstVersion } from "../tests/firstVersion";
import { fill, LITTLE, PLENTY, roomOf } from "./fullDisk";
import { jpeg } from "./jpeg";
import { atHome, camera, takePhotos, writeReport } from "./steps";
import { expect, PASSWORD, signIn, test, typePassword, workerReady } from "./service";
import type { Service } from "./service";

const bar = (page: Page, words: string) => page.getByRole("alert").filter({ hasText: words });
const FULL = "本机空间已满";

/** A page of the app's own origin in which the app does not run. */
const beside = (page: Page, service: Service) => page.goto(`${service.app}/icon.svg`);

/** Creates the database of version 1 of the app in a page. */
async function leaveFirstVersion(
  page: Page,
  content: Omit<FirstVersion, "chunks"> & { originals?: [id: string, bytes: number[]][] },
): Promise<void> {
  await page.evaluate(
    async ({ source, content: { originals, ...rest } }) => {
      // biome-ignore lint/security/noGlobalEval lint/complexity/noCommaOperator: brings the function into the page
      const make = (0, eval)(`(${source})`) as typeof openFirstVersion;
      const chunks = (originals ?? []).map(([id, bytes]): [[string, number], ArrayBuffer] => [
        [id, 0],
        Uint8Array.from(bytes).buffer,
      ]);
      (window as { held?: IDBDatabase }).held = await make(indexedDB, { ...rest, chunks });
    },
    { source: openFirstVersion.toString(), content },
  );
}
const letGo = (page: Page) => page.evaluate(() => (window as { held?: IDBDatabase }).held?.close());

test("on a full disk the app starts all the same, says so, and shows what was kept", async ({
  page,
  context,
  service,
}) => {
  const room = await roomOf(page, service);
  await room(LITTLE);
  await signIn(page, service, "inspector01");
  await atHome(page);
  await workerReady(page);
  await context.setOffline(true);
  await writeReport(page, [41]);
  await context.setOffline(false);
  await expect(page.getByText("全部送达")).toBeVisible();
  await fill(page);
  await page.goto(`${service.app}/?full#/`);
  await atHome(page);
  await expect(bar(page, FULL)).toBeVisible();
  await page.getByRole("link", { name: "待上传" }).click();
  await expect(page.getByText("回执")).toBeVisible();
  await room(PLENTY);
  await page.goto(`${service.app}/?room#/`);
  await atHome(page);
  await expect(bar(page, FULL)).toHaveCount(0);
});

test("on a disk that was full before the first visit, signing in and reading go on", async ({ page, service }) => {
  await service.seed("assigned");
  const room = await roomOf(page, service);
  await room(LITTLE);
  await beside(page, service);
  await fill(page);
  // The browser may tidy up what was written, which would make room again.
  await room(1);
  await signIn(page, service, "unit01");
  await expect(page.getByText("禾苑小区")).toBeVisible();
  await expect(page.getByRole("alert").filter({ hasText: /本机空间已满|打不开本机存储/ })).toBeVisible();
});

test("a person who types on a full disk is told that it is not kept, and it is once there is room", async ({
  page,
  service,
}) => {
  const room = await roomOf(page, service);
  await room(LITTLE);
  await signIn(page, service, "inspector01");
  await atHome(page);
  await page.getByRole("link", { name: "拍照上报" }).click();
  await takePhotos(page, [42]);
  await fill(page);
  await page.getByLabel("问题描述").fill("楼道堆物，".repeat(90));
  await expect(bar(page, FULL)).toBeVisible();
  await room(PLENTY);
  await page.getByLabel("问题描述").fill("楼道堆物，影响通行");
  await expect(bar(page, FULL)).toHaveCount(0);
});

test("a worker whose storage fails lets the network through", async ({ page, service }) => {
  const worker = await (await fetch(`${service.app}/sw.js`)).text();
  // The browser's storage fails from the activation on.
  service.proxy.replace(
    "/sw.js",
    `const opens = caches.open.bind(caches);
    let refuses = false;
    const full = () => Promise.reject(new DOMException("", "QuotaExceededError"));
    caches.open = (name) => (refuses ? full() : opens(name));
    self.addEventListener("activate", () => { refuses = true; });\n${worker}`,
  );
  await signIn(page, service, "inspector01");
  await workerReady(page);
  await expect.poll(() => page.evaluate(() => navigator.serviceWorker.controller !== null)).toBe(true);
  await page.reload();
  await atHome(page);
  await page.getByRole("link", { name: "记录" }).click();
  await expect(page.getByRole("heading", { name: "记录" })).toBeVisible();
});

test("drafts, records and originals of version 1 are there after the upgrade, and what waited is delivered", async ({
  page,
  service,
}) => {
  const { user } = await service.call<{ user: { id: string } }>("inspector01", "GET", "/me");
  const reference = await service.call<{
    points: { id: string; name: string; type: string; location: object }[];
    items: { code: string; point_types: string[] }[];
  }>("inspector01", "GET", "/reference");
  const point = reference.points.find((one) => one.name === "禾苑小区");
  const item = reference.items.find((one) => one.point_types.includes(point?.type ?? ""));
  const [issue, photo, begun] = [
    "6d0f0f2e-0c3f-4b57-9a43-4ac1a5b8a101",
    "6d0f0f2e-0c3f-4b57-9a43-4ac1a5b8a102",
    "6d0f0f2e-0c3f-4b57-9a43-4ac1a5b8a103",
  ];
  const bytes = [...jpeg(51)];
  const at = Date.now();
  await beside(page, service);
  await leaveFirstVersion(page, {
    drafts: [
      {
        kind: "report",
        id: begun,
        userId: user.id,
        issueId: begun,
        title: "",
        photos: [],
        createdAt: at,
        updatedAt: at,
        fields: { pointId: point?.id, itemCode: null, severity: null, description: "写了一半", location: null },
      },
    ],
    outbox: [
      {
        kind: "report",
        id: issue,
        issueId: issue,
        userId: user.id,
        title: "禾苑小区",
        sentPhotos: [],
        state: "waiting",
        attempts: 0,
        nextAt: 0,
        setback: null,
        receipt: null,
        createdAt: at,
        deliveredAt: null,
        photos: [
          { id: photo, view: "far", capturedAt: new Date(at).toISOString(), sizeBytes: bytes.length, sha256: null },
        ],
        body: {
          point_id: point?.id,
          item_code: item?.code,
          severity: "low",
          description: "楼道堆物",
          captured_at: new Date(at).toISOString(),
          location: null,
          photos: [{ id: photo, view: "far" }],
        },
      },
    ],
    photos: [
      {
        id: photo,
        ownerId: issue,
        type: "image/jpeg",
        sizeBytes: bytes.length,
        chunkCount: 1,
        sha256: null,
        capturedAt: new Date(at).toISOString(),
        preview: null,
      },
    ],
    originals: [[photo, bytes]],
  });
  await letGo(page);
  await signIn(page, service, "inspector01");
  await page.getByRole("link", { name: "继续填写" }).click();
  await expect(page.getByLabel("问题描述")).toHaveValue("写了一半");
  await page.goto(`${service.app}/#/outbox`);
  await expect(page.getByText("全部送达")).toBeVisible();
  const arrived = await service.call<{ missing_photos: string[]; photos: unknown[] }>(
    "inspector01",
    "GET",
    `/issues/${issue}`,
  );
  expect(arrived.missing_photos).toEqual([]);
  expect(arrived.photos).toHaveLength(1);
});

test("a window that holds the old database is named, and the app goes on when it is closed", async ({
  page,
  context,
  service,
}) => {
  const old = await context.newPage();
  await beside(old, service);
  await leaveFirstVersion(old, {});
  await page.goto(service.app);
  await expect(bar(page, "另一个窗口还开着旧版本")).toBeVisible();
  await letGo(old);
  await expect(page.getByLabel("用户名")).toBeVisible();
  await expect(bar(page, "另一个窗口还开着旧版本")).toHaveCount(0);
});

test("a newer app in another window takes the database after what is typed here is kept", async ({
  page,
  context,
  service,
}) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await page.getByRole("link", { name: "拍照上报" }).click();
  await expect(camera(page)).toBeEnabled();
  const newer = await context.newPage();
  await beside(newer, service);
  await page.getByLabel("问题描述").fill("楼道堆物，未写完");
  const kept = await newer.evaluate(
    () =>
      new Promise<unknown[]>((resolve, reject) => {
        const open = indexedDB.open("anfang", 1_000);
        open.onerror = () => reject(open.error);
        open.onsuccess = () => {
          const all = open.result.transaction("drafts").objectStore("drafts").getAll();
          all.onsuccess = () => resolve(all.result);
        };
      }),
  );
  expect(kept).toMatchObject([{ fields: { description: "楼道堆物，未写完" } }]);
  await expect(bar(page, "程序已在另一个窗口更新").first()).toBeVisible();
});

/** As inside WeChat: no worker keeps the app. */
const WITHOUT_WORKER = { serviceWorkers: "block" } as const;
/** The files of the parts that come after the first screen. */
const LATER = /\/assets\/(?!start|first|index|rolldown|Inspector|.*\.css)/;

test("what comes after the first screen is fetched ahead, so that it works offline even without a worker", async ({
  open,
  service,
}) => {
  const page = await open(WITHOUT_WORKER);
  const fetched = new Set<string>();
  page.on("requestfinished", (request) => fetched.add(new URL(request.url()).pathname.replace(/-[\w-]{8}\./, ".")));
  await page.goto(service.app);
  await page.getByLabel("用户名").fill("inspector01");
  await typePassword(page);
  await expect
    .poll(() =>
      [
        "ReportPage",
        "InspectorIssuePage",
        "OutboxPage",
        "AnswerPage",
        "AccountPages",
        "RecordsPage",
        "PointPage",
        "sending",
      ].filter((name) => !fetched.has(`/assets/${name}.js`)),
    )
    .toEqual([]);
  await page.context().setOffline(true);
  await writeReport(page, [61]);
  await page.getByRole("link", { name: "我的" }).click();
  await expect(page.getByRole("heading", { name: "我的" })).toBeVisible();
  expect([...fetched].filter((name) => /office|desk/i.test(name))).toEqual([]);
});

test("a part that is not here says so, opens by itself with the network, and the worker stays", async ({
  open,
  service,
}) => {
  const page = await open(WITHOUT_WORKER);
  await page.route(LATER, (route) => route.abort());
  await page.goto(service.app);
  await page.getByLabel("用户名").fill("inspector01");
  await typePassword(page);
  await atHome(page);
  await page.context().setOffline(true);
  await page.getByRole("link", { name: "拍照上报" }).click();
  const notice = page.getByRole("alert").filter({ hasText: "还没有下载到本机" });
  await expect(notice).toBeVisible();
  await notice.getByRole("button", { name: "重试" }).click();
  await expect(notice).toBeVisible();
  await page.unroute(LATER);
  await page.context().setOffline(false);
  await expect(camera(page)).toBeVisible();
});

test("a part that is gone from the service is asked for anew, and the worker is never taken away", async ({
  page,
  service,
}) => {
  const start = /\/assets\/start-[\w-]+\.js/.exec(await (await fetch(service.app)).text())?.[0] ?? "";
  const part = /assets\/OfficePages-[\w-]+\.js/.exec(await (await fetch(service.app + start)).text())?.[0] ?? "";
  service.proxy.replace(`/${part}`, "throw new Error('no such file')");
  await page.addInitScript(() => {
    ServiceWorkerRegistration.prototype.unregister = () => {
      throw new Error("the worker is taken away");
    };
  });
  await page.goto(service.app);
  await workerReady(page);
  await page.getByLabel("用户名").fill("office01");
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  const notice = page.getByRole("alert").filter({ hasText: "这一页没有下载下来" });
  await expect(notice.getByRole("button", { name: "重试" })).toBeVisible();
  service.proxy.replace(`/${part}`, null);
  await notice.getByRole("button", { name: "刷新" }).click();
  await expect(page.getByRole("navigation", { name: "主导航" })).toBeVisible();
  expect(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length))).toBe(1);
});
