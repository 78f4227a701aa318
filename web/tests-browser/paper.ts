// What a printer would print.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect } from "./service";
import type { Service } from "./service";

interface Person {
  display_name: string;
  username?: string;
}

/** The names of everybody who finds, reviews, releases and checks: paper never says one. */
export async function concealed(service: Service): Promise<string[]> {
  const people = await service.call<{ items: Person[] }>("admin", "GET", "/users");
  const names = (people.items as (Person & { role: string })[])
    .filter(({ role }) => role === "inspector" || role === "office")
    .flatMap(({ display_name, username }) => [display_name, username ?? display_name]);
  expect(names.length).toBeGreaterThan(3);
  return [...new Set(names)];
}

/** The text of a PDF, where the machine has a program that reads one. */
function textOf(pdf: Buffer): string | null {
  const folder = mkdtempSync(join(tmpdir(), "anfang-paper-"));
  try {
    const file = join(folder, "paper.pdf");
    writeFileSync(file, pdf);
    return execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface Paper {
  /** What is on paper, by the page and, where it can be read, by the PDF. */
  texts: string[];
  pages: number;
  /** Background and letters of the page. */
  colours: string;
}

/** Prints the page in both brightnesses, and looks that it is the same and dark on white. */
export async function printed(page: Page): Promise<Paper> {
  const papers: Paper[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.evaluate((theme) => {
      document.documentElement.dataset.theme = theme;
    }, colorScheme);
    await page.emulateMedia({ media: "print", colorScheme });
    const seen = await page.evaluate(() => document.body.innerText);
    const colours = await page.evaluate(() => {
      const { backgroundColor, color } = getComputedStyle(document.querySelector(".paper") ?? document.body);
      return `${backgroundColor} ${color}`;
    });
    await page.emulateMedia({ media: null, colorScheme });
    const pdf = await page.pdf({ preferCSSPageSize: true });
    const pages = (pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;
    const text = textOf(pdf);
    papers.push({ texts: text === null ? [seen] : [seen, text], pages, colours });
  }
  const [light, dark] = papers as [Paper, Paper];
  expect(light.colours).toBe("rgb(255, 255, 255) rgb(0, 0, 0)");
  // A reader of PDFs puts the same words into other lines.
  const words = ({ texts, ...rest }: Paper) => ({
    ...rest,
    texts: texts.map((text) => [...dense(text)].sort().join("")),
  });
  expect(words(dark)).toEqual(words(light));
  return light;
}

/** What is on paper as the page is now: by the page, and by the PDF where it can be read. */
export async function onPaper(page: Page): Promise<string[]> {
  await page.emulateMedia({ media: "print" });
  const seen = await page.evaluate(() => document.body.innerText);
  await page.emulateMedia({ media: null });
  const text = textOf(await page.pdf({ preferCSSPageSize: true }));
  return text === null ? [seen] : [seen, text];
}

/** Without blanks, which a PDF has elsewhere than the page. */
export const dense = (text: string): string => text.replace(/\s+/g, "");
