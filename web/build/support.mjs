// Finds every use of a feature that the oldest supported browsers lack: in scripts by type, in styles by name.
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import postcss from "postcss";
import ts from "typescript";
import { compatibility, lackedBy } from "./floor.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const { api, javascript, css } = compatibility();
const { builtins } = javascript;

/** Features that are used only where they exist, and what happens elsewhere. */
const OPTIONAL = new Map(
  Object.entries({
    "NavigatorLocks.locks": "a lease says whose turn it is to send (outbox/lease.ts)",
    "LockManager.request": "as above",
    "BroadcastChannel.onmessage": "another tab hears of news a minute later",
    "BroadcastChannel.postMessage": "as above",
    "BroadcastChannel.close": "as above",
    "NavigatorStorage.storage": "asked for by name; without it no room is told (store/storageSpace.ts)",
    "StorageManager.estimate": "as above",
    "StorageManager.persist": "as above",
    "StorageManager.persisted": "as above",
    "Navigator.canShare": "a file is saved by its link instead (outbox/ExportImport.tsx)",
    "Navigator.share": "as above",
    ":focus-visible": "only takes the ring away after a click; elsewhere it stays",
    "@media (prefers-color-scheme)": "light, until chosen on the page about oneself",
    "@media (prefers-reduced-motion)": "nothing moves",
    "@page": "the browser's own margins",
    size: "the printer's own paper",
    "break-after: avoid": "a heading may stand at the foot of a page",
    "page-break-after: avoid": "as above",
    "accent-color": "the browser's own colour",
    "appearance: auto": "beside it the prefixed words of older browsers",
    "color-scheme": "light scroll bars on a dark page",
    "color-scheme: dark": "as above",
    "color-scheme: light": "as above",
    "content-visibility": "only spares work",
    "content-visibility: auto": "as above",
    "contain-intrinsic-size": "as above",
    "cursor: default": "no pointer on a phone",
    "cursor: not-allowed": "as above",
    "cursor: pointer": "as above",
    "cursor: zoom-in": "as above",
    "font-family: ui-monospace": "the next font of the list",
    "overflow-anchor": "without anchors there is nothing to turn off",
    "overflow-anchor: none": "as above",
    "overflow-wrap: anywhere": "beside it `word-wrap`, which breaks only what does not fit a line of its own",
    resize: "the area keeps its size",
    "resize: vertical": "as above",
    "text-size-adjust": "only phones enlarge text by themselves",
    "user-select: all": "selected by hand",
  }),
);

const found = new Map();
const note = (feature, compat, where) => {
  const lacking = lackedBy(compat, /\.css:/.test(where));
  if (lacking.length === 0) return;
  const known = found.get(feature) ?? found.set(feature, { lacking, places: [] }).get(feature);
  known.places.push(where);
};

// Scripts.
const config = ts.getParsedCommandLineOfConfigFile(
  `${root}tsconfig.json`,
  {},
  { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
);
const program = ts.createProgram(
  config.fileNames.filter((name) => name.startsWith(`${root}src/`)),
  config.options,
);
const checker = program.getTypeChecker();
const isLibrary = (declaration) => /\/typescript\/lib\/lib\.[^/]*\.d\.ts$/.test(declaration.getSourceFile().fileName);

/** The row of a member, by the type that declares it or one that the value has. */
function rowOf(owners, member) {
  for (const owner of owners) {
    const type = api[owner] ?? builtins[owner.replace(/Constructor$/, "")] ?? builtins[owner.replace(/^Readonly/, "")];
    const row = type?.[member] ?? type?.[`${member.replace(/^on/, "")}_event`] ?? type?.[`${member}_static`];
    if (row?.__compat) return row.__compat;
  }
  return undefined;
}
function namesOf(type, depth = 0) {
  if (type.isUnionOrIntersection()) return type.types.flatMap((one) => namesOf(one, depth));
  const name = type.symbol?.name ?? checker.getApparentType(type).symbol?.name;
  const bases = depth < 6 && type.isClassOrInterface?.() ? checker.getBaseTypes(type) : [];
  return [...(name ? [name] : []), ...bases.flatMap((base) => namesOf(base, depth + 1))];
}
const ownerOf = (declaration) => {
  for (let at = declaration.parent; at; at = at.parent) {
    if (ts.isInterfaceDeclaration(at) || ts.isVariableDeclaration(at) || ts.isModuleDeclaration(at))
      return at.name.text;
  }
  return undefined;
};

for (const file of program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(`${root}src/`))) {
  const where = (node) =>
    `${file.fileName.slice(root.length)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
  const visit = (node) => {
    if (ts.isTypeNode(node)) return;
    if (ts.isPropertyAccessExpression(node)) {
      const declaration = checker.getSymbolAtLocation(node.name)?.declarations?.find(isLibrary);
      const owner = declaration && ownerOf(declaration);
      if (owner) {
        const member = node.name.text;
        const row = rowOf([owner, ...namesOf(checker.getTypeAtLocation(node.expression))], member);
        if (row) note(`${owner}.${member}`, row, where(node));
      }
      // `navigator.locks` is a member, but `window.queueMicrotask` is a global.
      if (declaration && !owner && api[node.name.text]?.__compat)
        note(node.name.text, api[node.name.text].__compat, where(node));
    } else if (
      ts.isIdentifier(node) &&
      !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) &&
      !ts.isPropertyAssignment(node.parent)
    ) {
      const declarations = checker.getSymbolAtLocation(node)?.declarations ?? [];
      if (
        declarations.length > 0 &&
        declarations.every(isLibrary) &&
        declarations.some((one) => ts.isVariableDeclaration(one) || ts.isFunctionDeclaration(one))
      ) {
        const row = (api[node.text] ?? builtins[node.text])?.__compat;
        if (row) note(node.text, row, where(node));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}

// Styles.
const styles = readdirSync(`${root}src`, { recursive: true }).filter((name) => name.endsWith(".css"));
for (const name of styles) {
  postcss.parse(readFileSync(`${root}src/${name}`, "utf8")).walk((node) => {
    const where = `src/${name}:${node.source.start.line}`;
    if (node.type === "decl" && !node.prop.startsWith("--")) {
      const property = css.properties[node.prop];
      if (property?.__compat) note(node.prop, property.__compat, where);
      // `gap` is older for grids than for flex boxes.
      const context = property?.flex_context?.__compat;
      if (context && node.parent.nodes.some((one) => one.prop === "display" && /flex/.test(one.value)))
        note(`${node.prop} in flex boxes`, context, where);
      for (const word of node.value.match(/[a-z][\w-]*/g) ?? []) {
        const value = property?.[word]?.__compat;
        if (value) note(`${node.prop}: ${word}`, value, where);
      }
      for (const [, called] of node.value.matchAll(/([a-z][\w-]*)\(/g)) {
        const row = (css.types[called] ?? css.types.color?.[called] ?? css.types.gradient?.[called])?.__compat;
        if (row) note(`${called}()`, row, where);
      }
      for (const [, unit] of node.value.matchAll(/\d((?:[dsl]v[hw])|cq[wh]|lh|rlh)\b/g)) {
        const row =
          css.types.length?.[
            /^[dsl]v/.test(unit)
              ? `viewport_percentage_units_${{ d: "dynamic", s: "small", l: "large" }[unit[0]]}`
              : unit
          ]?.__compat;
        if (row) note(`unit ${unit}`, row, where);
      }
    } else if (node.type === "rule") {
      for (const [, pseudo] of node.selector.matchAll(/::?([a-z][\w-]*)/g)) {
        if (css.selectors[pseudo]?.__compat) note(`:${pseudo}`, css.selectors[pseudo].__compat, where);
      }
    } else if (node.type === "atrule") {
      const rule = css["at-rules"][node.name];
      if (rule?.__compat) note(`@${node.name}`, rule.__compat, where);
      for (const [, feature] of node.params.matchAll(/\(\s*([a-z-]+)/g))
        if (rule?.[feature]?.__compat) note(`@${node.name} (${feature})`, rule[feature].__compat, where);
    }
  });
}

let failures = 0;
for (const [feature, { lacking, places }] of [...found].sort()) {
  if (OPTIONAL.has(feature)) continue;
  failures += 1;
  const rest = places.length > 6 ? ` and ${places.length - 6} more` : "";
  console.error(`${feature} is not in ${lacking.join(", ")}: ${places.slice(0, 6).join(", ")}${rest}`);
}
for (const feature of OPTIONAL.keys()) {
  if (found.has(feature)) continue;
  failures += 1;
  console.error(`${feature} is excused in build/support.mjs, but nobody uses it any more`);
}
if (failures > 0) process.exit(1);
const scripts = config.fileNames.filter((name) => name.startsWith(`${root}src/`));
console.log(`support: ${scripts.length} scripts and ${styles.length} styles use nothing that the oldest browsers lack`);
