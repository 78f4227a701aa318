// Prints src/api/schema.ts from the service's OpenAPI document; with --check it only compares.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../docs/generated/openapi.json", import.meta.url);
const target = new URL("../src/api/schema.ts", import.meta.url);
const head = "// Printed from docs/generated/openapi.json. Do not edit: npm run generate:api\n\n";

const PREFIX = "/api/v1";
const document = JSON.parse(await readFile(source, "utf8"));
document.components.schemas.Queries = queriesOf(document.paths);
// Only schemas are printed: the calls are few and written by hand in src/api, and the generator refuses the whole
// document for one doubtful operation in it.
document.paths = {};

/** The query parameters of each GET that has any, as a schema by path. */
function queriesOf(paths) {
  const properties = {};
  for (const [path, { get, parameters = [] }] of Object.entries(paths)) {
    const query = [...parameters, ...(get?.parameters ?? [])].filter((parameter) => parameter.in === "query");
    if (!get || query.length === 0) continue;
    const ofPath = Object.fromEntries(query.map(({ name, description, schema }) => [name, { description, ...schema }]));
    properties[path.replace(PREFIX, "")] = { type: "object", properties: ofPath };
  }
  return { type: "object", description: "Query parameters of each GET that has any.", properties };
}

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
