// Generates from the OpenAPI document what the app takes over from the service: src/api/schema.ts, the facets, the
// limits of what people send, and the names of codes as texts. With --check it only compares.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../../docs/generated/openapi.json", import.meta.url);
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

/**
 * Names that the service has for its codes, as texts of the app: `prefix.code`. A facet is a closed set by which lists
 * are filtered; its own name is the title of its choices.
 */
const facets = document.components.schemas.Facet.enum.map((name) => {
  const { properties } = document.components.schemas.Queries.properties["/issues"];
  return { name, set: refersTo(properties[name]) };
});
const namesOf = (set) => {
  const { enum: codes, "x-names": names } = document.components.schemas[set];
  return codes.map((code) => [code, names[code]]);
};
const prefixed = (prefix, set) => namesOf(set).map(([code, names]) => [`${prefix}.${code}`, names]);
const NAMES = {
  names: [
    ...prefixed("do", "Action"),
    ...namesOf("Facet").map(([code, names]) => [`${code}.title`, names]),
    ...facets.flatMap(({ name, set }) => prefixed(name, set)),
  ],
  noticeNames: prefixed("notice", "NoticeKind"),
};

/** The schema that a parameter refers to, alone or with `null`. */
function refersTo({ $ref, oneOf = [] }) {
  return ($ref ?? oneOf.find((one) => one.$ref).$ref).split("/").pop();
}

function wordsIn(language, file) {
  const name = (of) => `${of}${file[0].toUpperCase()}${file.slice(1)}`;
  const lines = NAMES[file].map(([key, names]) => {
    const [before, words] = [`  ${JSON.stringify(key)}:`, JSON.stringify(names[language])];
    return [...`${before} ${words},`].length > 120 ? `${before}\n    ${words},\n` : `${before} ${words},\n`;
  });
  return language === "zh"
    ? `${head}export const ${name("zh")} = {\n${lines.join("")}} as const satisfies Record<string, string>;\n`
    : `import type { ${name("zh")} } from "../zh/${file}";\n\n${head}` +
        `export const ${name("en")}: Record<keyof typeof ${name("zh")}, string> = {\n${lines.join("")}};\n`;
}

const choices = facets.map(({ name, set }) => `  ${name}: ${JSON.stringify(namesOf(set).map(([code]) => code))},\n`);
/** Each a constant of its own, so that its number stands where it is used and nothing else is downloaded. */
const limits = Object.entries(document["x-limits"]).map(([name, most]) => `export const ${name} = ${most};\n`);
const api = head + astToString(await openapiTS(document));
const PRINTED = {
  "src/api/schema.ts": api,
  "src/api/facets.ts": `${head}/** The codes of each facet: a closed set by which lists of issues are filtered. */
export const FACETS = {\n${choices.join("").replaceAll('","', '", "')}} as const;\n`,
  "src/api/limits.ts": head + limits.join(""),
  ...Object.fromEntries(
    Object.keys(NAMES).flatMap((file) =>
      ["zh", "en"].map((language) => [`src/texts/${language}/${file}.ts`, wordsIn(language, file)]),
    ),
  ),
};

for (const [path, printed] of Object.entries(PRINTED)) {
  const target = new URL(`../${path}`, import.meta.url);
  if (!process.argv.includes("--check")) {
    await writeFile(target, printed);
    continue;
  }
  const stored = await readFile(target, "utf8").catch(() => "");
  if (stored !== printed) {
    console.error(`${path} is not what docs/generated/openapi.json says; run: npm run generate:api`);
    process.exit(1);
  }
  console.log(`${path} matches docs/generated/openapi.json`);
}
