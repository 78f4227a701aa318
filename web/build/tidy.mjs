// House rules that the compiler does not know.
import { readdirSync, readFileSync } from "node:fs";

const root = new URL("../", import.meta.url);
const files = readdirSync(new URL("src/", root), { recursive: true })
  .filter((name) => /\.(ts|tsx|css|js)$/.test(name))
  .map((name) => name.replaceAll("\\", "/"));

/** [rule, pattern, folder where it is allowed] */
const rules = [
  ["only src/api talks to the network", /\bfetch\(|new XMLHttpRequest/, /^api\/|^service-worker\.js$/],
  ["only src/store opens the database", /from "idb"|indexedDB\./, /^store\//],
  ["no markup from strings", /dangerouslySetInnerHTML|innerHTML\s*=|\beval\(|new Function/, /^$/],
  ["no `any`", /:\s*any\b|\bas any\b/, /^api\/schema\.ts$/],
  ["texts belong to src/texts", /[\u4e00-\u9fff]/, /^texts\//],
];
/** Longest a file may be, in lines. */
const LINES_MAX = 300;

let failures = 0;
const fail = (message) => {
  failures += 1;
  console.error(message);
};
for (const name of files) {
  const text = readFileSync(new URL(`src/${name}`, root), "utf8");
  const lines = text.split("\n");
  if (lines.length > LINES_MAX && !/^(api\/schema|texts\/)/.test(name))
    fail(`src/${name}: ${lines.length} lines, at most ${LINES_MAX}`);
  if (/(^|\/)(utils?|helpers?|common)\./.test(name)) fail(`src/${name}: name the file by what is in it`);
  for (const [rule, pattern, allowed] of rules) {
    if (allowed.test(name)) continue;
    lines.forEach((line, at) => {
      if (!/^\s*(\/\/|\*|\/\*)/.test(line) && pattern.test(line)) fail(`src/${name}:${at + 1}: ${rule}`);
    });
  }
}
const lock = readFileSync(new URL("package-lock.json", root), "utf8");
if (/"resolved":/.test(lock)) fail("package-lock.json names a registry; see .npmrc");
if (/"node_modules\/rollup"/.test(lock)) fail("package-lock.json holds rollup, with which `npm ci` fails");
if (failures > 0) process.exit(1);
console.log(`tidy: ${files.length} files`);
