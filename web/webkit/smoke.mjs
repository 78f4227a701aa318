// WebKit, as near to an iPhone as Linux gets: a report written while the service is gone is delivered when it is back.
//
//   ANFANG_BIN=…/anfang npm run test:webkit      needs: apt-get install webkit2gtk-driver xvfb
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PASSWORD = "Anfang-demo-2026";
/** The smallest picture there is. */
const JPEG = Buffer.from(
  "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABsSFBcUERsXFhceHBsgKEIrKCUlKFE6PTBCYFVlZF9VXVtqeJmBanGQc1tdhbWGkJ6j" +
    "q62rZ4C8ybqmx5moq6T/wAALCAAkADABASIA/8QAFgABAQEAAAAAAAAAAAAAAAAAAAQD/8QAFxABAQEBAAAAAAAAAAAAAAAAABIB" +
    "Ef/aAAgBAQAAPwDOyyyyy01lllllp7LLLLLTWWWWWWw7p3TundO6d1//2Q==",
  "base64",
);

const binary = process.env.ANFANG_BIN;
if (!binary) throw new Error("ANFANG_BIN must name the service's binary");
const folder = mkdtempSync(join(tmpdir(), "anfang-webkit-"));
const photo = join(folder, "photo.jpg");
writeFileSync(photo, JPEG);
const started = [];
/** The text of the page, for debugging. */
let shownText = async () => "no page";

/** Waits until `look` finds something, for at most twenty seconds. */
async function until(what, look) {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await look().catch(() => null);
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const freePort = () =>
  new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

const servicePort = await freePort();
const app = `http://127.0.0.1:${servicePort}`;
async function startService() {
  const child = spawn(
    binary,
    [
      "demo",
      "--issues",
      "0",
      "--listen",
      `127.0.0.1:${servicePort}`,
      "--data",
      join(folder, "data"),
      "--password",
      PASSWORD,
    ],
    { stdio: "ignore" },
  );
  started.push(child);
  await until("the service", async () => (await fetch(`${app}/readyz`)).ok);
  return child;
}
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await gone;
}

async function main() {
  let service = await startService();

  // A virtual screen; the server chooses its number.
  const screen = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "800x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  started.push(screen);
  const display = await new Promise((resolve, reject) => {
    screen.stdout.once("data", (said) => resolve(`:${said.toString().trim()}`));
    screen.once("error", reject);
  });
  const driverPort = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${driverPort}`, "--host=127.0.0.1"], {
    stdio: "ignore",
    env: {
      ...process.env,
      DISPLAY: display,
      HOME: folder,
      XDG_DATA_HOME: join(folder, "share"),
      XDG_CACHE_HOME: join(folder, "cache"),
      WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
      WEBKIT_DISABLE_COMPOSITING_MODE: "1",
      LIBGL_ALWAYS_SOFTWARE: "1",
      LANG: "C.UTF-8",
    },
  });
  started.push(driver);
  const base = `http://127.0.0.1:${driverPort}`;
  await until("the driver", async () => (await fetch(`${base}/status`)).ok);

  const wire = async (method, path, body) => {
    const answer = await fetch(base + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value.error} ${value.message}`);
    return value;
  };
  const { sessionId } = await wire("POST", "/session", { capabilities: { alwaysMatch: {} } });
  const call = (method, path, body) => wire(method, `/session/${sessionId}${path}`, body);
  const find = (using, value) =>
    until(value, async () => Object.values(await call("POST", "/element", { using, value }))[0]);
  const css = (selector) => find("css selector", selector);
  const button = (name) => find("xpath", `//button[normalize-space(.)="${name}"]`);
  const text = (words) => find("xpath", `//*[contains(text(),"${words}")]`);
  // Clicked by script, because the driver refuses elements near the bottom bar.
  const click = (element) =>
    call("POST", "/execute/sync", {
      script: "arguments[0].click()",
      args: [{ "element-6066-11e4-a52e-4f735466cecf": element }],
    });
  const type = async (element, words) => call("POST", `/element/${element}/value`, { text: words });
  const run = (script) => call("POST", "/execute/sync", { script, args: [] });

  shownText = () => run("return location.href + '\\n' + document.body.innerText");
  await call("POST", "/url", { url: app });
  await type(await css("input[autocomplete=username]"), "inspector01");
  await type(await css("input[type=password]"), PASSWORD);
  await click(await button("登录"));
  await css("main .list-row");
  await call("POST", "/execute/async", {
    script: "const done = arguments[0]; navigator.serviceWorker.ready.then(() => done(true));",
    args: [],
  });

  // The service is down; the app opens from the browser's cache.
  await stop(service);
  await call("POST", "/refresh", {});
  await css("main .list-row");
  await run("location.hash = '#/capture'");
  await type(await css(".take-main input"), photo);
  await css(".photos img");
  await click(await css("#report-place .list-row"));
  await run("document.querySelector('#report-item input:enabled').click()");
  await click(await button("保存"));
  await text("已保存在本机");
  await call("POST", "/refresh", {});
  await text("1 条未送达");

  service = await startService();
  await run("location.hash = '#/outbox'");
  await click(await button("现在全部上传"));
  await text("全部送达");

  const { token } = await (
    await fetch(`${app}/api/v1/sessions`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: "office01", password: PASSWORD }),
    })
  ).json();
  const { items } = await (
    await fetch(`${app}/api/v1/issues?limit=200`, { headers: { Authorization: `Bearer ${token}` } })
  ).json();
  if (items.length !== 1 || items[0].state !== "submitted") throw new Error(`the service has ${items.length} reports`);
  console.log(`webkit: ${await run("return navigator.userAgent")}: written without the service, delivered once`);
  await call("DELETE", "").catch(() => undefined);
}

try {
  await main();
} catch (cause) {
  console.error(await shownText().catch(() => "no page"));
  throw cause;
} finally {
  for (const child of started.reverse()) await stop(child);
  rmSync(folder, { recursive: true, force: true });
}
