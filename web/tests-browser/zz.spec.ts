import { mkdirSync } from "node:fs";
import { fillCounty, SCREENS } from "./screens";
import { settled, takePhotos, writeReport } from "./steps";
import { signIn, test } from "./service";

const LOOKS: Record<string, { size: string; viewport: { width: number; height: number } }> = {
  xl320: { size: "xl", viewport: { width: 320, height: 640 } },
  m360: { size: "m", viewport: { width: 360, height: 780 } },
  m1440: { size: "m", viewport: { width: 1440, height: 900 } },
};
for (const [look, { size, viewport }] of Object.entries(LOOKS))
  test(`look ${look}`, async ({ open, service }) => {
    test.setTimeout(600_000);
    const dir = `/tmp/app12/shots/${look}`;
    mkdirSync(dir, { recursive: true });
    const shown = await fillCounty(service);
    for (const [user, screens] of Object.entries(SCREENS)) {
      const page = await open({ viewport });
      await page.addInitScript((kept) => localStorage.setItem("choices", JSON.stringify(kept)), { size });
      if (user === "") await page.goto(service.app);
      else await signIn(page, service, user);
      let at = 0;
      const shoot = async (name: string) => {
        await settled(page);
        const odd = await page.evaluate(() => {
          const found: string[] = [];
          const clip = (e: Element) => ["hidden", "clip", "auto", "scroll"].includes(getComputedStyle(e).overflowX);
          for (const e of document.querySelectorAll("body *")) {
            const r = e.getBoundingClientRect();
            if (r.width === 0 || r.height === 0 || e.closest("svg, .visually-hidden")) continue;
            const name = `${e.tagName.toLowerCase()}.${e.className} "${(e.textContent ?? "").slice(0, 24)}"`;
            let scrolled = false;
            for (let p = e.parentElement; p; p = p.parentElement) if (["auto", "scroll"].includes(getComputedStyle(p).overflowX)) scrolled = true;
            if (!scrolled && (r.right > innerWidth + 1 || r.left < -1)) found.push(`OUT ${name} ${Math.round(r.left)}..${Math.round(r.right)}`);
            if (clip(e) && e.scrollWidth > e.clientWidth + 1) found.push(`CUT ${name} ${e.scrollWidth}>${e.clientWidth}`);
            if (["hidden", "clip"].includes(getComputedStyle(e).overflowY) && e.scrollHeight > e.clientHeight + 2) found.push(`CUTY ${name} ${e.scrollHeight}>${e.clientHeight}`);
            if (!clip(e) && e.children.length === 0 && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline") found.push(`OVER ${name} ${e.scrollWidth}>${e.clientWidth}`);
          }
          return found;
        });
        console.log(`${look} ${user} ${name}: ${odd.length === 0 ? "ok" : `\n   ${odd.slice(0, 12).join("\n   ")}`}`);
        await page.screenshot({ path: `${dir}/${user || "nobody"}-${String(at++).padStart(2, "0")}-${name.replace(/[^a-z-]+/g, "_").slice(0, 30)}.png`, fullPage: true });
      };
      for (const screen of screens(shown)) {
        await page.goto(`${service.app}/#/${screen}`);
        await shoot(screen);
        if (screen === "capture") {
          await takePhotos(page, [1, 2]);
          await page.getByRole("button", { name: "保存", exact: true }).click();
          await shoot("capture-faults");
          await page.locator("#report-item .choice:has(input:enabled)").first().click();
          await page.context().setOffline(true);
          await page.getByRole("button", { name: "保存", exact: true }).click();
          await shoot("outbox-waiting");
          await page.context().setOffline(false);
        }
        if (screen === "me") {
          await page.getByRole("button", { name: "退出登录" }).click();
          await shoot("me-asking");
        }
      }
      if (user.startsWith("inspector")) {
        await page.goto(`${service.app}/#/records`);
        await page.locator("main a.list-row").first().click();
        await shoot("issue-own");
        await page.locator(".photo-open").first().click();
        await shoot("viewer");
      }
      await page.context().close();
    }
  });
void writeReport;
