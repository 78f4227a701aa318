import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { expect, signIn, test } from "./service";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation { id: string; nodes: { target: string[] }[] }

/** What WCAG 2.2 AA, as far as a machine can tell, finds wrong with the page. */
async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate(`${axe}; axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"] }).then((result) => result.violations)`) as Violation[];
  return found.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

const PAGES: Record<string, string[]> = {
  inspector01: ["points", "capture", "records", "outbox", "me", "doctor", "install", "complaint"],
  unit01: ["todo", "all", "outbox", "me"],
  leader01: ["all", "me"],
  discipline01: ["all"],
  admin: ["me"],
  office01: ["overview", "queue", "queue?kind=check", "issues", "map", "settings"],
};

for (const theme of ["light", "dark"] as const) {
  test(`pages of the three roles pass the accessibility rules and fit the width, ${theme}`, async ({ browser, service }) => {
    test.setTimeout(120_000);
    await service.seed("reported");
    await service.seed("submitted");
    const id = await service.seed("assigned");
    for (const [user, paths] of Object.entries(PAGES)) {
      // axe is injected as a script, which the policy of the app forbids to everybody else.
      const context = await browser.newContext({ viewport: { width: 320, height: 640 }, colorScheme: theme, bypassCSP: true, locale: "zh-CN" });
      const page = await context.newPage();
      await signIn(page, service, user);
      const all = user === "unit01" ? [...paths, `issue/${id}`, `issue/${id}/return`] : paths;
      for (const path of all) {
        await page.goto(`${service.app}/#/${path}`);
        await page.waitForTimeout(700);
        expect(await violations(page), `${user} ${path}`).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${user} ${path} fits`).toBe(true);
      }
      await context.close();
    }
  });
}
