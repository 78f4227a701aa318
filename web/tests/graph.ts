// The graph of imports of the app, read from import lines.
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

export const source = resolve(__dirname, "../src");
export const read = (file: string): string => readFileSync(file, "utf8");

/** The files that a file imports. */
function importsOf(file: string): string[] {
  return [...read(file).matchAll(/^(?:import|export) (?!type )(?:[^;"]*? from )?"(\.[^"]*)";/gm)]
    .map(([, path]) => resolve(dirname(file), path ?? ""))
    .flatMap((path) =>
      [`${path}.ts`, `${path}.tsx`, `${path}/index.ts`].filter((name) => existsSync(name)).slice(0, 1),
    );
}

export function closureOf(...roots: string[]): Set<string> {
  const found = new Set(roots);
  for (const file of found) for (const next of importsOf(file)) found.add(next);
  return found;
}

/** The parts that are loaded by dynamic imports. */
export function partsOf(start: Set<string>): string[] {
  const found = new Set<string>();
  const open = [...start];
  for (const file of open) {
    for (const [, path = ""] of read(file).matchAll(/import\("(\.[^"]*)"\)/g)) {
      const part = [".ts", ".tsx"]
        .map((ending) => resolve(dirname(file), path) + ending)
        .find((name) => existsSync(name));
      if (part === undefined || found.has(part) || /texts\/en/.test(part)) continue;
      found.add(part);
      open.push(...closureOf(part));
    }
  }
  return [...found];
}
