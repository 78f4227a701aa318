// The oldest supported browsers, as package.json ("browserslist") names them. MDN's compatibility data says what they
// can do.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { browserslist } = require("../package.json");

/**
 * By the name in package.json: the name for the build, and those in MDN's data. An Android web view counts as Chrome.
 */
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
/** For the page that is shown to older browsers. */
export const versionOf = (wanted) => String(floor.find(({ name }) => name === wanted).version);

/** MDN's data; large, so it is only loaded on demand. */
export const compatibility = () => require("@mdn/browser-compat-data");

/**
 * The first version that supports a row of the table, `Infinity` if none does. Prefixes count for styles, because the
 * bundler adds them.
 */
function since(compat, table, mayPrefix) {
  const said = [compat.support[table] ?? []].flat();
  const usable = said.filter((one) => !one.flags && !one.alternative_name && (mayPrefix || !one.prefix));
  // Partial support followed by full support is listed as two entries.
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

/** The supported browsers that lack it, as text. */
export const lackedBy = (compat, mayPrefix = false) =>
  floor.flatMap(({ version, tables }) =>
    tables.filter((table) => since(compat, table, mayPrefix) > version).map((table) => `${table} ${version}`),
  );

/** The first version of a browser that supports all these rows. */
export const firstWith = (table, compats) => Math.max(...compats.map((compat) => since(compat, table, false)));
