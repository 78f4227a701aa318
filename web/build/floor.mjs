// The oldest browsers that are served: written in package.json ("browserslist") and nowhere else. What they can do,
// MDN's table of compatibility knows.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { browserslist } = require("../package.json");

/** By its name there: the build's name for it, and MDN's. An Android web view is Chrome's. */
const NAMES = {
  Chrome: ["chrome", ["chrome"]],
  ChromeAndroid: [null, ["chrome_android", "webview_android"]],
  Safari: ["safari", ["safari"]],
  iOS: ["ios", ["safari_ios"]],
};

const floor = browserslist.map((line) => {
  const [, name, version] = /^(\w+) >= ([\d.]+)$/.exec(line) ?? [];
  if (!(name in NAMES))
    throw new Error(
      `package.json, browserslist: "${line}" is not understood; write "Name >= version" of ${Object.keys(NAMES)}`,
    );
  return { name, version: Number(version), target: NAMES[name][0], tables: NAMES[name][1] };
});

/** What the bundler lowers syntax and styles to. */
export const TARGETS = floor.filter(({ target }) => target).map(({ target, version }) => `${target}${version}`);
/** For the page that says what is needed. */
export const versionOf = (wanted) => String(floor.find(({ name }) => name === wanted).version);

/** The table itself; large, so only for those who ask. */
export const compatibility = () => require("@mdn/browser-compat-data");

/**
 * The first version that has what a row of the table describes, `Infinity` where none has; a prefix counts in styles,
 * where the bundler adds it.
 */
function since(compat, table, mayPrefix) {
  const said = [compat.support[table] ?? []].flat();
  const usable = said.filter((one) => !one.flags && !one.alternative_name && (mayPrefix || !one.prefix));
  // What was there in part, then whole, is told as two.
  if (usable.every((one) => one.version_removed)) return Infinity;
  return Math.min(
    Infinity,
    ...usable.map(({ version_added: version }) =>
      version === true
        ? 0
        : typeof version === "string" && version !== "preview"
          ? Number(version.replace("≤", ""))
          : Infinity,
    ),
  );
}

/** Those of the served browsers that lack it, in words. */
export const lackedBy = (compat, mayPrefix = false) =>
  floor.flatMap(({ version, tables }) =>
    tables.filter((table) => since(compat, table, mayPrefix) > version).map((table) => `${table} ${version}`),
  );

/** For the table's rows: the browser and version from which all of them are there. */
export const firstWith = (table, compats) => Math.max(...compats.map((compat) => since(compat, table, false)));
