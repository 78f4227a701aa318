// Fails the build when what a phone has to load has grown past its budget.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url);
const read = (name) => readFileSync(new URL(name, dist));
const gz = (name) => gzipSync(read(name), { level: 9 }).length;
const assets = readdirSync(new URL("assets/", dist)).filter((name) => /\.(js|css)$/.test(name)).map((name) => `assets/${name}`);

const sum = (names) => names.reduce((total, name) => total + gz(name), 0);
const isOffice = (name) => /office/i.test(name);
const isEnglish = (name) => /\/en-/.test(name);
const isOnDemand = (name) => /\/(Account|AnswerPage|ChangesSince|MonthPage|OutboxPage|RecordsPage|PointPage|PhotoViewer|ReportHints|overlay|inPieces|map|read|zhPhone)-/.test(name);
const isSettings = (name) => /OfficeSettings-/.test(name);
const isMonth = (name) => /\/MonthPage-/.test(name);
/** Scripts that somebody of that role loads before the first screen. */
const scriptsOf = (other) => assets.filter((name) => name.endsWith(".js") && !isOffice(name) && !isEnglish(name) && !isOnDemand(name) && !other.test(name));
/** More than wanted: forms and issue pages still come with the entry. The aim is 36,000. */
const ENTRY_BYTES_MAX = 47_000;
const rows = [
  ["JS of an inspector", sum(scriptsOf(/\/(Readers|PlanList|issuePages|MoreRows)-/)), ENTRY_BYTES_MAX],
  ["JS of a unit", sum(scriptsOf(/\/(Inspector|ItemPicker)-/)), ENTRY_BYTES_MAX],
  ["account pages, forms, records and sending, on demand", sum(assets.filter((name) => name.endsWith(".js") && isOnDemand(name) && !isMonth(name))), 27_000],
  ["a unit's months, on demand", sum(assets.filter((name) => name.endsWith(".js") && isMonth(name))), 3_000],
  ["entry CSS", sum(assets.filter((name) => name.endsWith(".css") && !isOffice(name))), 10_000],
  ["office, besides", sum(assets.filter((name) => isOffice(name) && !isSettings(name))), 60_000],
  ["the office's settings in both languages, on demand", sum(assets.filter(isSettings)), 40_000],
  ["English texts, lazy", sum(assets.filter(isEnglish)), 14_000],
  ["service worker", gz("sw.js"), 1_000],
];

let failed = false;
for (const [what, bytes, budget] of rows) {
  const over = bytes > budget;
  failed ||= over;
  console.log(`${over ? "OVER" : "ok  "} ${what}: ${bytes} of ${budget} bytes gzipped`);
}

const html = read("index.html").toString();
if (/\sstyle=|<style|<script(?![^>]*\ssrc=)|\son\w+=/i.test(html)) {
  console.error("index.html holds inline style or script, which the content security policy forbids");
  failed = true;
}
if (failed) process.exit(1);
