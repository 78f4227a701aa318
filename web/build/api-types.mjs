// Prints src/api/schema.ts from the service's OpenAPI document; with --check it only compares.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../docs/generated/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.ts", import.meta.url);
const head = "// Printed from docs/generated/openapi.json. Do not edit: npm run generate:api\n\n";

const document = JSON.parse(await readFile(source, "utf8"));
// Only the schemas are used: the calls are few and written by hand in src/api/calls.ts, and the
// generator refuses a whole document for one doubtful operation in it.
document.paths = {};

const printed = head + astToString(await openapiTS(document));

if (process.argv.includes("--check")) {
  const stored = await readFile(target, "utf8").catch(() => "");
  if (stored !== printed) {
    console.error("src/api/schema.ts is not what docs/generated/openapi.json says; run: npm run generate:api");
    process.exit(1);
  }
  console.log("src/api/schema.ts matches docs/generated/openapi.json");
} else {
  await writeFile(target, printed);
}
