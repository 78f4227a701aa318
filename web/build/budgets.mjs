// Fails the build if a download has grown past its budget. The bundler's manifest says what is downloaded: a file and
// everything it imports.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(readFileSync(new URL("../node_modules/.anfang-manifest.json", import.meta.url), "utf8"));
const read = (name) => readFileSync(new URL(name, dist));
const gz = (name) => gzipSync(read(name), { level: 9 }).length;
const sum = (files) => files.reduce((total, file) => total + gz(file), 0);

/** Every file that is needed to run the modules of these keys. */
function filesOf(...keys) {
  const found = new Set(keys);
  for (const key of found) for (const next of manifest[key].imports ?? []) found.add(next);
  return new Set([...found].flatMap((key) => [manifest[key].file, ...(manifest[key].css ?? [])]));
}
/** Every part that can be reached from there by dynamic imports. */
function partsFrom(key) {
  const found = new Set([key]);
  for (const one of found)
    for (const next of [...(manifest[one].imports ?? []), ...(manifest[one].dynamicImports ?? [])]) found.add(next);
  return [...found];
}

const start = Object.keys(manifest).find((key) => manifest[key].isEntry);
const part = (name) => {
  const key = `src/${name}`;
  if (!manifest[key]) throw new Error(`${key} is no part of its own any more: say here what took its place`);
  return key;
};
const scripts = (files) => [...files].filter((file) => file.endsWith(".js"));
const without = (files, others) => [...files].filter((file) => !others.has(file));

const html = read("index.html").toString();
/** The scripts that the page itself loads. */
const asked = [...html.matchAll(/<script(?![^>]*\snomodule)[^>]*\ssrc="\/([^"]+)"/g)].map(([, file]) => file);
/** Everything that is downloaded before the first screen of that role can be used. */
const entryOf = (first) => new Set([...asked, ...filesOf(start, part(first))]);
const inspector = entryOf("inspector/InspectorPages.tsx");
const unit = entryOf("unit/UnitPages.tsx");
const office = entryOf("office/OfficePages.tsx");
const desk = filesOf(part("office/DeskPages.tsx"));
const settings = filesOf(part("office/settings/SettingsPages.tsx"), part("texts/en/settings.ts"));
const setup = filesOf(part("office/setup/SetupPages.tsx"), part("texts/en/setup.ts"));
const english = filesOf(part("texts/en/index.ts"));
/** What is fetched at a desk or to print, beside the files that the first screens have. */
const onDemand = filesOf(...Object.keys(manifest).filter((key) => key.startsWith("src/desk/")));
/** What whoever opens the months fetches then. */
const months = filesOf(part("months/MonthsPages.tsx"));
/** What inspectors alone fetch right after: their tasks and the form of a visit. */
const visits = filesOf(part("visits/VisitPages.tsx"));
/** What is fetched with the page of an issue, and not before. */
const needs = filesOf(part("needs/NeedsBox.tsx"));
/** What whoever opens the batches of visits fetches then. */
const batches = filesOf(part("office/batches/BatchesPages.tsx"));
const charge = filesOf(part("office/charge/ChargePages.tsx"), part("texts/en/charge.ts"));
const batchesEnglish = filesOf(part("texts/en/batches.ts"));
const monthsEnglish = filesOf(part("texts/en/months.ts"));
const officeEnglish = filesOf(part("texts/en/office.ts"));
const phones = new Set([...inspector, ...unit]);
const isDesk = (key) =>
  /^src\/(office|desk|leader|months|needs|visits|selfFound)\//.test(key) || key.startsWith("src/texts/en");
/** A file of several parts is no part by itself, so those are found by who imports them. */
const later = new Set(
  partsFrom(start)
    .filter((key) => !isDesk(key))
    .flatMap((key) => manifest[key].dynamicImports ?? [])
    .filter((key) => !isDesk(key))
    .flatMap((key) => [...filesOf(key)]),
);

/**
 * Phones wait for each kilobyte before the first screen. The limit leaves room for the next features;
 * visits and what units found themselves took 800 bytes of it: the first screens have tasks and lead to both, and
 * whatever sends has to know them.
 */
const ENTRY_BYTES_MAX = 37_300;
const rows = [
  ["scripts before an inspector's first screen", sum(scripts(inspector)), ENTRY_BYTES_MAX],
  ["scripts before a unit's first screen", sum(scripts(unit)), ENTRY_BYTES_MAX],
  ["styles before either", sum([...phones].filter((file) => file.endsWith(".css"))), 10_000],
  // Reports can be of a visit, and the outbox shows visits, takes them back and carries them in files; 600 bytes keep
  // capture numbers.
  ["what phones fetch right after", sum(scripts(without(later, phones))), 76_500],
  ["scripts before the office's first screen", sum(scripts(office)), 90_500],
  ["the office's other pages, right after", sum(scripts(without(desk, office))), 45_000],
  // The way to the people in charge took 300 bytes; their pages are a part of their own.
  ["the office's settings in both languages, besides", sum(without(settings, new Set([...office, ...desk]))), 47_000],
  ["the first day of a county in both languages, besides", sum(without(setup, new Set([...office, ...desk]))), 16_000],
  [
    "people in charge in both languages, besides",
    sum(without(charge, new Set([...office, ...desk, ...settings]))),
    9_000,
  ],
  ["a unit's desk and paper, on demand", sum(scripts(without(onDemand, new Set([...unit, ...later])))), 15_000],
  ["visits, of inspectors alone, right after", sum(scripts(without(visits, new Set([...inspector, ...later])))), 8_500],
  ["what an issue needs, with its page", sum(scripts(without(needs, new Set([...unit, ...later])))), 3_000],
  ["the months, on demand", sum(without(months, new Set([...unit, ...later]))), 27_000],
  ["English of the months, where chosen", sum(without(monthsEnglish, new Set([...months, ...english]))), 8_000],
  ["batches of visits, on demand", sum(without(batches, new Set([...office, ...desk, ...later]))), 48_000],
  ["English of batches, where chosen", sum(without(batchesEnglish, new Set([...batches, ...english]))), 8_000],
  ["English, where chosen", sum(without(english, phones)), 16_000],
  ["English of the office, where chosen", sum(without(officeEnglish, new Set([...office, ...english]))), 9_000],
  ["service worker", gz("sw.js"), 1_150],
];

let failed = false;
for (const [what, bytes, budget] of rows) {
  const over = bytes > budget;
  failed ||= over;
  console.log(`${over ? "OVER" : "ok  "} ${what}: ${bytes} of ${budget} bytes gzipped`);
}

if (/\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=/i.test(html)) {
  console.error("index.html holds inline style or script, which the content security policy forbids");
  failed = true;
}
if (failed) process.exit(1);
