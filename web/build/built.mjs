// Parses the built files as the oldest supported browsers do: no newer syntax may be left.
import { readFileSync, readdirSync } from "node:fs";
import { parse } from "acorn";
import { compatibility, lackedBy } from "./floor.mjs";

const dist = new URL("../dist/", import.meta.url);
const { operators, grammar, statements, builtins } = compatibility().javascript;

/** Newer syntax that `ecmaVersion` 2020 accepts, with its row in MDN's table. The parser refuses everything newer. */
const NEWER = [
  [(node) => node.type === "ChainExpression", operators.optional_chaining],
  [(node) => node.type === "LogicalExpression" && node.operator === "??", operators.nullish_coalescing],
  [(node) => node.type === "ImportExpression", operators.import],
  [(node) => node.type === "MetaProperty" && node.meta.name === "import", operators.import_meta],
  [(node) => node.type === "CatchClause" && node.param === null, statements.try_catch.optional_catch_binding],
  [(node) => node.type === "ForOfStatement" && node.await, statements.for_await_of],
  [(node) => typeof node.bigint === "string", builtins.BigInt],
  [(node) => node.type === "ExportAllDeclaration" && node.exported, statements.export.namespace],
  [(node) => node.type === "Literal" && node.regex?.flags.includes("s"), builtins.RegExp.dotAll],
].filter(([, row]) => lackedBy(row.__compat).length > 0);
if (!grammar) throw new Error("the table has changed");

let failures = 0;
function check(name, options) {
  const fail = (message) => {
    failures += 1;
    console.error(`dist/${name}: ${message}`);
  };
  const walk = (node) => {
    for (const [is, row] of NEWER)
      if (is(node))
        fail(`${row.__compat.description ?? node.type} at ${node.start} is not in ${lackedBy(row.__compat)}`);
    for (const value of Object.values(node)) {
      for (const child of Array.isArray(value) ? value : [value])
        if (child && typeof child.type === "string") walk(child);
    }
  };
  try {
    walk(parse(readFileSync(new URL(name, dist), "utf8"), options));
  } catch (cause) {
    fail(String(cause));
  }
}

const modules = readdirSync(new URL("assets/", dist))
  .filter((name) => name.endsWith(".js"))
  .map((name) => `assets/${name}`);
for (const name of modules) check(name, { ecmaVersion: 2020, sourceType: "module" });
check("sw.js", { ecmaVersion: 2020, sourceType: "script" });
// Run in browsers that are too old for the rest.
check("floor.js", { ecmaVersion: 5, sourceType: "script" });
if (failures > 0) process.exit(1);
console.log(`floor: ${modules.length + 2} files that the oldest browsers can read`);
