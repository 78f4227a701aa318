// A service with its own data for each test, as it is shipped: the binary, its pages, its headers.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "@playwright/test";
import { openDatabase } from "./database";
import type { DatabaseKind } from "./database";
import { jpeg } from "./jpeg";
import { startProxy } from "./proxy";
import type { FaultyProxy } from "./proxy";

export const PASSWORD = "Anfang-demo-2026";

export interface Service {
  /** The address of the app: a proxy, which forwards everything until told otherwise. */
  app: string;
  proxy: FaultyProxy;
  /** The folder with the photos. */
  data: string;
  /** Calls the service as that person, without the proxy. */
  call<T>(user: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T>;
  /** Takes an action on an issue as that person. */
  act(user: string, id: string, action: string, body: unknown): Promise<{ state: string }>;
  /** Files a report with two photos and brings it to this state. */
  seed(upTo: "submitted" | "assigned" | "reported"): Promise<string>;
}

export function binaryPath(): string {
  const binary = process.env.ANFANG_BIN;
  if (!binary) throw new Error("ANFANG_BIN must name the service's binary");
  return binary;
}

/** Starts the binary and reads its address. */
export async function startBinary(
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ origin: string; said: string; stop: () => Promise<void> }> {
  const child = spawn(binaryPath(), args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  let said = "";
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const origin = await new Promise<string>((resolve, reject) => {
    const hear = (piece: Buffer) => {
      said += piece.toString();
      const at = /listening on (http:\/\/\S+)/.exec(said)?.[1];
      if (at) resolve(at);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void gone.then(() => reject(new Error(`the service did not start:\n${said}`)));
  });
  return {
    origin,
    said,
    stop: () => {
      child.kill();
      return gone;
    },
  };
}

async function start(kind: DatabaseKind, flags: string[]): Promise<{ service: Service; stop: () => Promise<void> }> {
  const data = mkdtempSync(join(tmpdir(), "anfang-web-"));
  const database = openDatabase(kind);
  const { origin, stop: stopBinary } = await startBinary([
    "demo",
    "--issues",
    "0",
    "--listen",
    "127.0.0.1:0",
    "--data",
    data,
    "--password",
    PASSWORD,
    ...database.flags,
    ...flags,
  ]);
  const proxy = await startProxy(origin);
  const service: Service = { app: proxy.url, proxy, data, ...callsOf(origin) };
  const stop = async () => {
    await proxy.close();
    await stopBinary();
    database.drop();
    rmSync(data, { recursive: true, force: true });
  };
  return { service, stop };
}

/** Calls as other people, without a browser. */
export function callsOf(origin: string, now: () => Date = () => new Date()): Pick<Service, "call" | "act" | "seed"> {
  const tokens = new Map<string, Promise<string>>();
  const token = (user: string) => {
    const known =
      tokens.get(user) ??
      fetch(`${origin}/api/v1/sessions`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ username: user, password: PASSWORD }),
      }).then(async (answer) => ((await answer.json()) as { token: string }).token);
    tokens.set(user, known);
    return known;
  };
  const call: Service["call"] = async (user, method, path, body, headers = {}) => {
    const bytes = body instanceof Uint8Array;
    const init: RequestInit = {
      method,
      headers: {
        Authorization: `Bearer ${await token(user)}`,
        ...(bytes ? { "Content-Type": "image/jpeg" } : { "Content-Type": "application/json" }),
        ...headers,
      },
    };
    if (body !== undefined) init.body = bytes ? Buffer.from(body) : JSON.stringify(body);
    const answer = await fetch(`${origin}/api/v1${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === "" ? undefined : JSON.parse(text)) as never;
  };
  const act: Service["act"] = async (user, id, action, body) => {
    const { version } = await call<{ version: number }>(user, "GET", `/issues/${id}`);
    return call(user, "POST", `/issues/${id}/actions/${action}`, body, { "If-Match": `"${version}"` });
  };
  const photo = async (user: string, seed: number) => {
    const id = randomUUID();
    await call(user, "PUT", `/photos/${id}`, jpeg(seed));
    return id;
  };
  let count = 0;
  const seed: Service["seed"] = async (upTo) => {
    const reference = await call<{
      points: { id: string; name: string; type: string; location: object }[];
      items: { code: string; limit: string | null; point_types: string[] }[];
      units: { id: string; code: string }[];
    }>("office01", "GET", "/reference");
    const point = reference.points.find((one) => one.name === "禾苑小区");
    const item = reference.items.find((one) => one.limit !== null && one.point_types.includes(point?.type ?? ""));
    const id = randomUUID();
    const photos = [
      { id: await photo("inspector02", ++count), view: "far" },
      { id: await photo("inspector02", ++count), view: "near" },
    ];
    await call("inspector02", "PUT", `/issues/${id}`, {
      point_id: point?.id,
      item_code: item?.code,
      severity: "medium",
      description: "楼道堆物",
      captured_at: now().toISOString(),
      location: point?.location,
      photos,
    });
    if (upTo === "submitted") return id;
    await act("office01", id, "approve", { unit_id: reference.units.find((unit) => unit.code === "U01")?.id });
    await act("office02", id, "release", {});
    if (upTo === "assigned") return id;
    await act("unit01", id, "sign-in", {});
    await act("unit01", id, "report-fix", {
      measure: "已清理",
      remedy: "quick",
      photos: [
        { id: await photo("unit01", ++count), view: "same-angle" },
        { id: await photo("unit01", ++count), view: "wide" },
      ],
    });
    return id;
  };
  return { call, act, seed };
}

/** Records violations of the content security policy and exceptions of all pages. */
export async function watch(context: BrowserContext, breaches: string[]): Promise<void> {
  await context.addInitScript(() =>
    addEventListener("securitypolicyviolation", (event) =>
      console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
  context.on("console", (message) => {
    if (/Content Security Policy/i.test(message.text())) breaches.push(message.text());
  });
  context.on("requestfinished", (request) => {
    if (request.url().includes("/sending-")) aheadIn.add(context);
  });
  context.on("weberror", (failure) => breaches.push(failure.error().message));
}

interface Fixtures {
  /** More flags for the service. */
  flags: string[];
  service: Service;
  /** Violations of the content security policy and exceptions; must stay empty. */
  breaches: string[];
  /** A browser context for one more person, watched like the others. */
  open: (options?: BrowserContextOptions) => Promise<Page>;
}

export const test = base.extend<Fixtures, { database: DatabaseKind }>({
  database: ["sqlite", { option: true, scope: "worker" }],
  flags: async ({}, use) => use([]),
  service: async ({ database, flags }, use) => {
    const { service, stop } = await start(database, flags);
    await use(service);
    await stop();
  },
  breaches: [
    async ({}, use) => {
      const found: string[] = [];
      await use(found);
      expect(found).toEqual([]);
    },
    { auto: true },
  ],
  context: async ({ context, breaches }, use) => {
    await watch(context, breaches);
    await use(context);
  },
  open: async ({ browser, breaches, contextOptions, viewport, locale, geolocation, permissions }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (options = {}) => {
      const context = await newContext(
        browser,
        {
          ...contextOptions,
          viewport,
          ...(locale ? { locale } : {}),
          ...(geolocation ? { geolocation } : {}),
          ...(permissions ? { permissions } : {}),
          ...options,
        },
        breaches,
      );
      opened.push(context);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
});

async function newContext(
  browser: Browser,
  options: BrowserContextOptions,
  breaches: string[],
): Promise<BrowserContext> {
  const context = await browser.newContext(options);
  await watch(context, breaches);
  return context;
}

export async function signIn(page: Page, service: Service, user: string): Promise<void> {
  await page.goto(service.app);
  await page.getByLabel("用户名").fill(user);
  await enterPassword(page);
}

/** Contexts in which everything is fetched ahead. Asked outside the page, because its own timers may be stopped. */
const aheadIn = new WeakSet<BrowserContext>();

/** Completes the login when the name is filled in; afterwards the network may be cut. */
export async function enterPassword(page: Page): Promise<void> {
  await typePassword(page);
  // The last file that a phone fetches ahead.
  if ((await page.locator('nav a:is([href="#/outbox"], [href="#/todo"])').count()) === 0) return;
  await expect.poll(() => aheadIn.has(page.context())).toBe(true);
}

export async function typePassword(page: Page): Promise<void> {
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("navigation", { name: "主导航" })).toBeVisible();
}

/** What the app's own database holds in one of its stores. */
export const countKept = (page: Page, store: string): Promise<number> =>
  page.evaluate(
    (name) =>
      new Promise<number>((resolve) => {
        const open = indexedDB.open("anfang");
        open.onsuccess = () => {
          const count = open.result.transaction(name).objectStore(name).count();
          count.onsuccess = () => {
            open.result.close();
            resolve(count.result);
          };
        };
      }),
    store,
  );

/** Waits until the app opens without a network. */
export const workerReady = (page: Page): Promise<void> =>
  page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

export { expect };
