// The main workflow in a browser without anything newer than the oldest supported version: newer features of Chrome
// are removed first.
import { compatibility, firstWith, versionOf } from "../build/floor.mjs";
import { atHome, writeReport } from "./steps";
import { expect, test, typePassword } from "./service";

const floor = Number(versionOf("ChromeAndroid"));

/** Features that are newer than the oldest supported browsers: globals and members. */
function younger(): { globals: string[]; members: [owner: string, member: string][] } {
  const { api, javascript } = compatibility();
  const globals: string[] = [];
  const members: [string, string][] = [];
  const isYounger = (row: unknown) => {
    const compat = (row as { __compat?: { support: Record<string, unknown> } }).__compat;
    return compat !== undefined && firstWith("chrome", [compat]) > floor;
  };
  for (const [name, row] of [...Object.entries(api), ...Object.entries(javascript.builtins)]) {
    if (isYounger(row)) globals.push(name);
    else
      for (const [member, one] of Object.entries(row))
        if (member !== "__compat" && isYounger(one)) members.push([name, member]);
  }
  return { globals, members };
}

test("reports and reads without anything younger than the floor", async ({ page, open, service }) => {
  const without = younger();
  expect(without.members).toContainEqual(["Array", "at"]);
  expect(without.globals).toContain("structuredClone");
  const taken: string[] = [];
  const unit = await open();
  for (const one of [page, unit]) {
    one.on("console", (message) => {
      if (message.text().startsWith("taken ")) taken.push(message.text());
    });
    await one.addInitScript(({ globals, members }) => {
      const world = globalThis as unknown as Record<string, { prototype?: object } | undefined>;
      let count = 0;
      const take = (from: object | undefined, name: string) => {
        if (from && Object.getOwnPropertyDescriptor(from, name) && Reflect.deleteProperty(from, name)) count += 1;
      };
      for (const [owner, member] of members) {
        const name = member.replace(/_event$/, "").replace(/_static$/, "");
        for (const one of member.endsWith("_event") ? [`on${name}`] : [name]) {
          take(world[owner]?.prototype, one);
          take(world[owner], one);
          if (owner === "Window") take(globalThis, one);
        }
      }
      for (const name of globals) take(globalThis, name);
      console.log(`taken ${count}`);
    }, without);
  }
  const enter = async (one: typeof page, user: string) => {
    await one.goto(service.app);
    await one.getByLabel("用户名").fill(user);
    await typePassword(one);
  };
  // The last file that is fetched ahead. Asked outside of the page, where tools would miss removed features.
  const ready = page.waitForEvent("requestfinished", (request) => request.url().includes("/sending-"));
  await enter(page, "inspector01");
  await atHome(page);
  await ready;
  await page.context().setOffline(true);
  await writeReport(page, [71, 72]);
  await page.context().setOffline(false);
  await expect(page.getByText("全部送达")).toBeVisible();
  await page.getByRole("link", { name: "记录" }).click();
  await page.getByRole("main").getByRole("link").filter({ hasText: "待审核" }).first().click();
  await expect(page.getByRole("heading", { name: "办理经过" })).toBeVisible();

  await service.seed("assigned");
  await enter(unit, "unit01");
  await unit.getByRole("link", { name: "签收", exact: true }).first().click();
  await unit.getByLabel("整改责任人").fill("王工");
  await unit.getByRole("button", { name: "签收" }).click();
  await expect(unit.getByText("整改中").first()).toBeVisible();
  expect(taken.map((words) => Number(words.split(" ")[1])).every((count) => count > 200)).toBe(true);
});

test("below the floor there is a page that says so, and nothing of the app runs", async ({ page, service }) => {
  const calls: string[] = [];
  page.on("request", (request) => {
    if (/\/api\//.test(request.url())) calls.push(request.url());
  });
  await page.addInitScript(() => {
    delete (Array.prototype as { flat?: unknown }).flat;
  });
  await page.goto(service.app);
  await expect(page.getByRole("heading", { name: "浏览器版本过低" })).toBeVisible();
  await expect(page.getByText("Chrome（含安卓系统 WebView）69 以上")).toBeVisible();
  await expect(page.locator("#app")).toHaveCount(0);
  expect(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length))).toBe(0);
  expect(calls).toEqual([]);
});
