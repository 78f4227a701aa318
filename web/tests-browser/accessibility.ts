import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { BrowserContext, Page } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

interface Found {
  id: string;
  nodes: { target: string[]; failureSummary?: string }[];
}
declare const axe: { run: (on: Document, how: { runOnly: string[] }) => Promise<{ violations: Found[] }> };

/** Injected by the browser, because the app's policy forbids other scripts and stays in force. */
export const bringAxe = (context: BrowserContext): Promise<unknown> => context.addInitScript({ content: AXE });

/** Violations of WCAG 2.2 AA that can be found automatically. */
export async function violations(page: Page): Promise<string[]> {
  const found = await page.evaluate(async (rules) => (await axe.run(document, { runOnly: rules })).violations, RULES);
  return found.map(
    (one) =>
      `${one.id}: ${one.nodes.map((node) => `${node.target.join(" ")} (${node.failureSummary ?? ""})`).join(", ")}`,
  );
}
