import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { bringAxe, violations } from "./accessibility";
import { ALIASES, fillCounty, SCREENS } from "./screens";
import { atHome, fitsWidth, settled, writeReport } from "./steps";
import { expect, signIn, test } from "./service";

/** The width that 400 % zoom leaves of 1280 pixels; tall, so that no fixed bar covers a button. */
const ZOOMED = { width: 320, height: 1_600 };
const LOOKS = {
  light: {},
  dark: { theme: "dark" },
  elder: { size: "xl" },
  "elder, dark": { size: "xl", theme: "dark" },
} as const;

/** With these preferences set, as under 我的. */
const choose = (page: Page, choices: object) =>
  page.addInitScript((kept) => {
    if (!localStorage.getItem("choices")) localStorage.setItem("choices", JSON.stringify(kept));
  }, choices);

for (const [look, choices] of Object.entries(LOOKS)) {
  test(`every screen passes the accessibility rules and fits the width, ${look}`, async ({ open, service }) => {
    const shown = await fillCounty(service);
    for (const { user, screens } of Object.values(SCREENS)) {
      const page = await open({ viewport: ZOOMED });
      await bringAxe(page.context());
      await choose(page, choices);
      if (user === "") await page.goto(service.app);
      else await signIn(page, service, user);
      for (const screen of screens(shown)) {
        await page.goto(`${service.app}/#/${screen}`);
        await settled(page);
        expect.soft(await violations(page), `${user} ${screen}`).toEqual([]);
        expect.soft(await fitsWidth(page), `${user} ${screen} fits`).toBe(true);
      }
      await page.context().close();
    }
  });
}

test("no screen of the routers is left out", () => {
  const listed = new Set(ALIASES);
  const ids = {
    submitted: "1",
    assigned: "1",
    rectifying: "1",
    reported: "1",
    toCheck: "1",
    point: "1",
    batch: "1",
    draft: "1",
    visit: "1",
    unit: "1",
  };
  for (const { screens } of Object.values(SCREENS))
    for (const screen of screens(ids)) listed.add(screen.split(/[/?]/)[0] ?? "");
  const sources = readdirSync("src", { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(".tsx"))
    .map((name) => readFileSync(join("src", name), "utf8"));
  const known = sources.flatMap((text) =>
    [...text.matchAll(/\bfirst === "([a-z-]+)"/g)].map((match) => match[1] ?? ""),
  );
  const account = sources.flatMap((text) =>
    [...(/ACCOUNT_PAGES = \[(.*)\]/.exec(text)?.[1] ?? "").matchAll(/"([a-z-]+)"/g)].map((match) => match[1] ?? ""),
  );
  expect(
    [...known, ...account].filter((name) => !listed.has(name)),
    "add them to screens.ts",
  ).toEqual([]);
});

test("with huge letters a report is filed, and what is pressed is large enough", async ({ page, service }) => {
  await signIn(page, service, "inspector01");
  await atHome(page);
  await page.getByRole("link", { name: "我的" }).click();
  await page.getByRole("radio", { name: "特大" }).check({ force: true });
  await page.getByRole("link", { name: "任务" }).click();
  expect(await page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize))).toBeGreaterThanOrEqual(18);
  await page.getByRole("link", { name: "拍照上报" }).click();
  await expect(page.getByText("青禾县城关街道禾丰路22号")).toBeVisible();
  const small = await page
    .locator("button:visible, a.button:visible, .take:visible, .choice:visible")
    .evaluateAll((all) =>
      all.filter((one) => one.isConnected && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML),
    );
  expect(small).toEqual([]);
  for (const name of ["保存", "保存并报下一条"])
    expect((await page.getByRole("button", { name, exact: true }).boundingBox())?.height, name).toBeGreaterThanOrEqual(
      60,
    );
  await page
    .getByRole("link", { name: "返回" })
    .or(page.getByRole("button", { name: "返回" }))
    .click();
  await writeReport(page, [71]);
  await expect(page.getByText("全部送达")).toBeVisible();
  // The choice is kept by the device.
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-size", "xl");
});
