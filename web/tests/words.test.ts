// Texts are loaded with the part of the app that uses them: none may be rendered before.
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { closureOf, partsOf, read, source } from "./graph";

const keysIn = (file: string): string[] => [...read(file).matchAll(/^ {2}"([^"]+)":/gm)].map(([, key]) => key ?? "");
const isWords = (file: string): boolean => /texts\/zh\/\w+\.ts$/.test(file);

const start = closureOf(resolve(source, "main.tsx"));
const parts = partsOf(start);
const everyKey = new Set(
  [...new Set([...start, ...parts.flatMap((part) => [...closureOf(part)])])].filter(isWords).flatMap(keysIn),
);

/** The service sends titles of problems itself; rarer ones have texts in the forms that meet them. */
const isSaidByService = (key: string): boolean => key.startsWith("problem.");

/** The keys that a file uses: complete ones, and all with the prefix of a composed one. */
function saidIn(file: string): string[] {
  const text = read(file);
  const whole = [...text.matchAll(/"([a-zA-Z]+\.[\w.-]+)"/g)].map(([, key]) => key ?? "");
  const beginnings = [...text.matchAll(/`([a-zA-Z]+\.[\w.-]*)\$\{/g)].map(([, start]) => start ?? "");
  return [...everyKey].filter(
    (key) =>
      whole.includes(key) ||
      (!isSaidByService(key) &&
        beginnings.some((start) => key.startsWith(start) && !key.slice(start.length).includes("."))),
  );
}

/** Parts for a desk, or of use only while the service is reached. */
const isDesk = (part: string): boolean =>
  /^(office|desk|leader|months|needs|selfFound)\//.test(part.slice(source.length + 1));

describe("every part of the app", () => {
  it("that a phone may need is in the table of parts, which fetches it ahead", () => {
    const table = read(resolve(source, "parts.ts"));
    const missing = parts
      .map((part) => part.slice(source.length + 1).replace(/\.tsx?$/, ""))
      .filter((name) => !isDesk(resolve(source, name)) && !table.includes(`import("./${name}")`));
    expect(missing).toEqual([]);
  });

  it("is found", () => {
    expect(parts.map((part) => part.slice(source.length + 1))).toEqual(
      expect.arrayContaining([
        "inspector/InspectorPages.tsx",
        "inspector/ReportPage.tsx",
        "unit/MonthPage.tsx",
        "office/OfficePages.tsx",
      ]),
    );
  });

  it.each([["the start", []], ...parts.map((part) => [part.slice(source.length + 1), [part]] as [string, string[]])])(
    "%s brings the words it says",
    (_, roots) => {
      const files = [...start, ...closureOf(...roots)];
      const brought = new Set(files.filter(isWords).flatMap(keysIn));
      const missing = files
        .filter((file) => !isWords(file))
        .flatMap((file) =>
          saidIn(file)
            .filter((key) => !brought.has(key))
            .map((key) => `${file.slice(source.length + 1)}: ${key}`),
        );
      expect(missing).toEqual([]);
    },
  );
});
