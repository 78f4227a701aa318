// The page for browsers that are too old: what it tests for must match the oldest supported ones exactly.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { compatibility, firstWith, TARGETS, versionOf } from "../build/floor.mjs";

const script = readFileSync(resolve(__dirname, "../public/floor.js"), "utf8");
const page = '<div id="app"></div><div id="old" hidden></div>';
const shown = (): string[] => [...document.querySelectorAll("div")].filter((one) => !one.hidden).map((one) => one.id);

/** Runs it in a page whose browser has these. */
function run(bigInt: unknown, flat: unknown): string[] {
  document.body.innerHTML = page;
  new Function("BigInt", "Array", script)(bigInt, { prototype: { flat } });
  return shown();
}

describe("the floor", () => {
  it("is what its signs say, no lower and no higher", () => {
    const { builtins } = compatibility().javascript;
    const signs = [builtins.BigInt, builtins.Array?.flat].map(
      (row) => (row as { __compat: { support: Record<string, unknown> } }).__compat,
    );
    expect(script).toContain("BigInt");
    expect(script).toContain("Array.prototype.flat");
    for (const [table, name] of [
      ["chrome", "Chrome"],
      ["webview_android", "ChromeAndroid"],
      ["safari", "Safari"],
      ["safari_ios", "iOS"],
    ] as const) {
      expect(firstWith(table, signs), table).toBe(Number(versionOf(name)));
    }
  });

  it("is what the build lowers to", () => {
    expect(TARGETS).toEqual([`chrome${versionOf("Chrome")}`, `safari${versionOf("Safari")}`, `ios${versionOf("iOS")}`]);
  });

  it("lets the app draw on it, and says so below", () => {
    const thing = () => undefined;
    expect(run(thing, thing)).toEqual(["app"]);
    expect(run(undefined, thing)).toEqual(["old"]);
    expect(run(thing, undefined)).toEqual(["old"]);
    expect(run(undefined, undefined)).toEqual(["old"]);
  });
});
