import { chromium } from "@playwright/test";
const base = "http://127.0.0.1:8977";
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--disable-gpu","--disable-quic","--no-first-run","--disable-background-networking","--disable-component-update","--disable-sync"] });
async function shots(user, pages, prepare) {
  for (const [w, h, name] of [[360, 780, "phone"], [1440, 900, "desk"]]) {
    const ctx = await browser.newContext({ viewport: { width: w, height: h }, locale: "zh-CN" });
    const page = await ctx.newPage();
    page.on("pageerror", (e) => console.log("ERR", e.message));
    await page.goto(base + "/");
    await page.fill("input[autocomplete=username], input[type=text]", user);
    await page.fill("input[type=password]", "Anfang-demo-1");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(2500);
    if (prepare && name === "desk") await prepare(page);
    for (const [path, file] of pages) {
      await page.goto(`${base}/#/${path}`);
      await page.waitForTimeout(1500);
      await page.screenshot({ path: `/tmp/follow-shots/${file}-${name}.png` });
    }
    await ctx.close();
  }
}
const which = process.argv[2];
if (which === "office") await shots("office01", [["overview","overview"],["follow","dispatch"],["follow/cards","cards"],["follow/samples","samples"],["follow/dispatch/print","paper"]]);
if (which === "issue") await shots("office01", [["follow/cards?state=issued","issued"]], async (page) => {
  await page.goto(`${base}/#/follow/cards`); await page.waitForTimeout(1500);
  for (let i = 0; i < 3; i++) {
    const b = page.locator("section.card").nth(i).getByRole("button", { name: "出示", exact: true }).first();
    if (await b.count() === 0) break;
    await b.click(); await page.waitForTimeout(300);
    await page.locator("textarea").first().fill("逾期未整改，予以督办。");
    if (i === 0) await page.screenshot({ path: "/tmp/follow-shots/form-desk.png" });
    await page.locator("form").getByRole("button", { name: "出示", exact: true }).click(); await page.waitForTimeout(800);
  }
  await page.goto(`${base}/#/follow/samples`); await page.waitForTimeout(1200);
  const d = page.getByRole("button", { name: "随机抽取" }); if (await d.count()) { await d.click(); await page.waitForTimeout(200); await page.screenshot({ path: "/tmp/follow-shots/sure-desk.png" }); await page.getByRole("button", { name: "随机抽取" }).click(); await page.waitForTimeout(1500); }
  await page.screenshot({ path: "/tmp/follow-shots/drawn-desk.png" });
  await page.locator("a.card").first().click(); await page.waitForTimeout(1200);
  await page.screenshot({ path: "/tmp/follow-shots/sample-desk.png" });
});
if (which === "unit") await shots(process.argv[3], [["all","unit-all"],["cards","unit-cards"]]);
await browser.close();
