// House rules that neither the compiler nor Biome can check.
import { readdirSync, readFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const SOURCES = /\.(ts|tsx|css|js|mjs|json)$/;
const GENERATED = /^(package(-lock)?\.json|src\/api\/schema\.ts)$/;
const FOLDERS = ["bench", "build", "public", "src", "tests", "tests-browser", "webkit"];
const files = FOLDERS.flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, root), { recursive: true }).map(
    (name) => `${folder}/${name.replaceAll("\\", "/")}`,
  ),
)
  .concat(readdirSync(root))
  .filter((name) => SOURCES.test(name) && !GENERATED.test(name));

/** Characters in a line. The formatter wraps code, but neither strings nor comments. */
const LINE_CHARS_MAX = 120;
/** A comment between a selector and what it selects: what comes after it was meant to stand elsewhere. */
const TORN_RULE = /[^\s,;{}/][ \t]*\/\*[^*]*\*\/[^{};]*\{/;
/** [rule, pattern, files of src where it is allowed]; comments are not looked at. */
const RULES = [
  ["no markup from strings", /innerHTML\s*=|new Function/, /^$/],
  ["texts belong to src/texts", /[\u4e00-\u9fff]/, /^src\/texts\//],
];

let failures = 0;
const fail = (message) => {
  failures += 1;
  console.error(message);
};
for (const name of files) {
  const text = readFileSync(new URL(name, root), "utf8");
  const lines = text.split("\n");
  if (name.endsWith(".css") && TORN_RULE.test(text)) fail(`${name}: a comment within a selector`);
  lines.forEach((line, at) => {
    if ([...line].length > LINE_CHARS_MAX) fail(`${name}:${at + 1}: longer than ${LINE_CHARS_MAX} characters`);
  });
  if (!name.startsWith("src/")) continue;
  if (/(^|\/)(utils?|helpers?|common)\./.test(name)) fail(`${name}: name the file by what is in it`);
  for (const [rule, pattern, allowed] of RULES) {
    if (allowed.test(name)) continue;
    lines.forEach((line, at) => {
      if (!/^\s*(\/\/|\*|\/\*)/.test(line) && pattern.test(line)) fail(`${name}:${at + 1}: ${rule}`);
    });
  }
}
const lock = readFileSync(new URL("package-lock.json", root), "utf8");
if (/"resolved":/.test(lock)) fail("package-lock.json names a registry; see .npmrc");
if (/"node_modules\/rollup"/.test(lock)) fail("package-lock.json holds rollup, with which `npm ci` fails");
if (failures > 0) process.exit(1);
console.log(`tidy: ${files.length} files`);
