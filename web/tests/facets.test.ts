// A facet is a closed set of an issue. Every facet that a view shows or a report contains must have its place in the
// app.
import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { FACETS } from "../src/api/facets";

const document = JSON.parse(readFileSync(resolve(__dirname, "../../docs/generated/openapi.json"), "utf8")) as {
  components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
};

/** The pages of a folder as one text. */
const pagesIn = (folder: string): string =>
  readdirSync(resolve(__dirname, "../src", folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".tsx"))
    .map((name) => readFileSync(resolve(__dirname, "../src", folder, name), "utf8"))
    .join("\n");

describe("every facet", () => {
  const facetsOf = (schema: string): string[] => {
    const facets = Object.keys(FACETS).filter(
      (name) => name in (document.components.schemas[schema]?.properties ?? {}),
    );
    expect(facets).toContain("severity");
    return facets;
  };

  it.each([
    ["OfficeIssue", "office"],
    ["UnitIssue", "unit"],
    ["FinderIssue", "inspector"],
  ])("of an %s is shown in %s/", (schema, folder) => {
    const pages = pagesIn(folder);
    expect(facetsOf(schema).filter((name) => !new RegExp(`\\bissue\\.${name}\\b`).test(pages))).toEqual([]);
  });

  it("of a report is asked for by its form", () => {
    const form = pagesIn("inspector");
    expect(facetsOf("ReportBody").filter((name) => !form.includes(`name="${name}"`))).toEqual([]);
  });
});
