// One demo service with its own data, and the built app in front of it.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "@playwright/test";
import type { Page } from "@playwright/test";
import { preview } from "vite";
import { jpeg } from "./jpeg";

const PASSWORD = "Anfang-demo-2026";

export interface Service {
  /** Where the app answers. */
  app: string;
  /** Calls the service as that person. */
  call<T>(user: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<T>;
  /** Takes a step on an issue as that person. */
  act(user: string, id: string, action: string, body: unknown): Promise<{ state: string }>;
  /** Files a report with two photos and brings it as far as asked. */
  seed(upTo: "submitted" | "assigned" | "reported"): Promise<string>;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function start(): Promise<{ service: Service; stop: () => Promise<void> }> {
  const binary = process.env.ANFANG_BIN;
  if (!binary) throw new Error("ANFANG_BIN must name the service's binary");
  const data = mkdtempSync(join(tmpdir(), "anfang-web-"));
  const origin = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(binary, ["demo", "--listen", origin.slice(7), "--data", data, "--password", PASSWORD], { stdio: "ignore" });
  await expect.poll(() => fetch(`${origin}/readyz`).then((answer) => answer.ok, () => false), { timeout: 30_000 }).toBe(true);
  process.env.ANFANG_URL = origin;
  const front = await preview({ preview: { port: await freePort(), host: "127.0.0.1" }, logLevel: "error" });
  const app = front.resolvedUrls?.local[0]?.replace(/\/$/, "") ?? "";

  const tokens = new Map<string, Promise<string>>();
  const token = (user: string) => {
    const known = tokens.get(user) ?? fetch(`${origin}/api/v1/sessions`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ username: user, password: PASSWORD }),
    }).then(async (answer) => ((await answer.json()) as { token: string }).token);
    tokens.set(user, known);
    return known;
  };
  const call: Service["call"] = async (user, method, path, body, headers = {}) => {
    const bytes = body instanceof Uint8Array;
    const init: RequestInit = { method, headers: { Authorization: `Bearer ${await token(user)}`, ...(bytes ? { "Content-Type": "image/jpeg" } : { "Content-Type": "application/json" }), ...headers } };
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
    const reference = await call<{ points: { id: string; type: string; location: object }[]; items: { code: string; limit: string | null; point_types: string[] }[]; units: { id: string; code: string }[] }>("office01", "GET", "/reference");
    const [point] = reference.points;
    const item = reference.items.find((one) => one.limit !== null && one.point_types.includes(point?.type ?? ""));
    const id = randomUUID();
    const photos = [{ id: await photo("inspector02", (count += 1)), view: "far" }, { id: await photo("inspector02", (count += 1)), view: "near" }];
    await call("inspector02", "PUT", `/issues/${id}`, { point_id: point?.id, item_code: item?.code, severity: "medium", description: "楼道堆物", captured_at: new Date().toISOString(), location: point?.location, photos });
    if (upTo === "submitted") return id;
    await act("office01", id, "approve", { unit_id: reference.units.find((unit) => unit.code === "U01")?.id });
    await act("office02", id, "release", {});
    if (upTo === "assigned") return id;
    await act("unit01", id, "sign-in", {});
    await act("unit01", id, "report-fix", { measure: "已清理", remedy: "quick", photos: [{ id: await photo("unit01", (count += 1)), view: "same-angle" }, { id: await photo("unit01", (count += 1)), view: "wide" }] });
    return id;
  };
  const stop = async () => {
    await front.close();
    child.kill();
    await new Promise((resolve) => child.once("exit", resolve));
    rmSync(data, { recursive: true, force: true });
  };
  return { service: { app, call, act, seed }, stop };
}

export const test = base.extend<{ breaches: string[] }, { service: Service }>({
  service: [async ({}, use) => {
    const { service, stop } = await start();
    await use(service);
    await stop();
  }, { scope: "worker", timeout: 60_000 }],
  /** What the content security policy refused, or the page threw; must stay empty. */
  breaches: [async ({ page }, use) => {
    const found: string[] = [];
    page.on("console", (message) => { if (/Content Security Policy/i.test(message.text())) found.push(message.text()); });
    page.on("pageerror", (error) => found.push(error.message));
    await use(found);
    expect(found).toEqual([]);
  }, { auto: true }],
});

export async function signIn(page: Page, service: Service, user: string): Promise<void> {
  await page.goto(service.app);
  await page.getByLabel("用户名").fill(user);
  await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("navigation")).toBeVisible();
}

export { expect };
