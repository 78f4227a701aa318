// Words come with the part of the app that says them: nothing may be drawn before its words are there.
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const source = resolve(__dirname, "../src");
const read = (file: string): string => readFileSync(file, "utf8");

/** The files that one imports and needs before it can run. */
function importsOf(file: string): string[] {
  return [...read(file).matchAll(/^(?:import|export) (?!type )(?:[^;"]*? from )?"(\.[^"]*)";/gm)]
    .map(([, path]) => resolve(dirname(file), path ?? ""))
    .flatMap((path) => [`${path}.ts`, `${path}.tsx`, `${path}/index.ts`].filter((name) => existsSync(name)).slice(0, 1));
}

function closureOf(...roots: string[]): Set<string> {
  const found = new Set(roots);
  for (const file of found) for (const next of importsOf(file)) found.add(next);
  return found;
}

/** The parts that are fetched by themselves, read from wherever one is. */
function partsOf(start: Set<string>): string[] {
  const found = new Set<string>();
  const open = [...start];
  for (const file of open) {
    for (const [, path = ""] of read(file).matchAll(/import\("(\.[^"]*)"\)/g)) {
      const part = [".ts", ".tsx"].map((ending) => resolve(dirname(file), path) + ending).find((name) => existsSync(name));
      if (part === undefined || found.has(part) || /texts\/en/.test(part)) continue;
      found.add(part);
      open.push(...closureOf(part));
    }
  }
  return [...found];
}

const keysIn = (file: string): string[] => [...read(file).matchAll(/^ {2}"([^"]+)":/gm)].map(([, key]) => key ?? "");
const isWords = (file: string): boolean => /texts\/zh\w*\.ts$/.test(file);

const start = closureOf(resolve(source, "main.tsx"));
const parts = partsOf(start);
const everyKey = new Set([...new Set([...start, ...parts.flatMap((part) => [...closureOf(part)])])].filter(isWords).flatMap(keysIn));

/** What a problem is called, the service says too; the rarer ones are worded by the forms that meet them. */
const isSaidByService = (key: string): boolean => key.startsWith("problem.");

/** The keys that a file names: whole ones, and all that begin as a composed one does. */
function saidIn(file: string): string[] {
  const text = read(file);
  const whole = [...text.matchAll(/"([a-zA-Z]+\.[\w.-]+)"/g)].map(([, key]) => key ?? "");
  const beginnings = [...text.matchAll(/`([a-zA-Z]+\.[\w.-]*)\$\{/g)].map(([, start]) => start ?? "");
  return [...everyKey].filter((key) => whole.includes(key) || (!isSaidByService(key) && beginnings.some((start) => key.startsWith(start) && !key.slice(start.length).includes("."))));
}

describe("every part of the app", () => {
  it("is found", () => {
    expect(parts.map((part) => part.slice(source.length + 1))).toEqual(expect.arrayContaining(["inspector/Inspector.tsx", "inspector/ReportPage.tsx", "unit/MonthPage.tsx", "office/Office.tsx"]));
  });

  it.each([["the start", []], ...parts.map((part) => [part.slice(source.length + 1), [part]] as [string, string[]])])("%s brings the words it says", (_, roots) => {
    const files = [...start, ...closureOf(...roots)];
    const brought = new Set(files.filter(isWords).flatMap(keysIn));
    const missing = files.filter((file) => !isWords(file)).flatMap((file) => saidIn(file).filter((key) => !brought.has(key)).map((key) => `${file.slice(source.length + 1)}: ${key}`));
    expect(missing).toEqual([]);
  });
});
