import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import * as LIMITS from "../src/api/limits";
import { PART_BYTES_MAX, PART_RECORDS_MAX } from "../src/packet/format";

const source = resolve(__dirname, "../src");
const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => /\.tsx?$/.test(name) && name !== "api/limits.ts")
  .map((name) => ({ name, text: readFileSync(resolve(source, name), "utf8") }));

it("holds that no limit of the service has a second place in the app", () => {
  const declared = files.flatMap(({ name, text }) =>
    [...text.matchAll(/\b(?:const|let|var) ([A-Z][A-Z0-9_]*)\b/g)]
      .filter(([, constant = ""]) => constant in LIMITS)
      .map(([, constant]) => `${name} ${constant}`),
  );
  expect(declared).toEqual([]);
});

it("holds that every limit that the service names for the app is used by it or held here", () => {
  const texts = [...files.map(({ text }) => text), readFileSync(__filename, "utf8")];
  const isUsed = (name: string) =>
    texts.some((text) => new RegExp(`^(?!\\s*(//|\\*|/\\*)).*\\b${name}\\b`, "m").test(text));
  const unused = Object.keys(LIMITS).filter((name) => !isUsed(name));
  expect(unused).toEqual([]);
});

it("holds that no field of a form says in a number how long its text may be", () => {
  const fields = /<TextField\b(?:(?!\/>)[\s\S])*?\bmax=\{\s*[\d_]+\s*\}/g;
  const written = files.flatMap(({ name, text }) => [...text.matchAll(fields)].map(([field]) => `${name} ${field}`));
  expect(written).toEqual([]);
});

it("asks for rows of an answer by the name of their limit", () => {
  const asked = files.filter(({ text }) =>
    new RegExp(`(limit(: |=)|apiQuery\\(\\w+, )${LIMITS.PAGE_MAX}\\b`).test(text),
  );
  expect(asked.map(({ name }) => name)).toEqual([]);
});

it("keeps a part of a packet within what the service reads", () => {
  expect(PART_RECORDS_MAX).toBeLessThanOrEqual(LIMITS.PACKET_RECORDS_MAX);
  expect(PART_BYTES_MAX).toBeLessThanOrEqual(LIMITS.PACKET_BYTES_MAX);
});

const MB = 1024 * 1024;
it.each<[string, ...number[]]>([
  ["photo.fault.too-large", LIMITS.PHOTO_BYTES_MAX / MB],
  ["plan.hint", LIMITS.MILESTONE_GAP_DAYS_MAX],
  ["visit.tooLong", LIMITS.VISIT_HOURS_MAX],
  ["views.fault.full", LIMITS.SAVED_VIEWS_MAX],
  ["ground.accept", LIMITS.MAP_BYTES_MAX / MB, Math.floor(LIMITS.MAP_PIXELS_MAX / 1e6), LIMITS.MAP_SIDE_MAX_PX],
  ["ground.isLarge", LIMITS.MAP_BYTES_MAX / MB, Math.floor(LIMITS.MAP_PIXELS_MAX / 1e6), LIMITS.MAP_SIDE_MAX_PX],
  ["setup.usernameHint", LIMITS.USERNAME_CHARS_MAX],
  ["users.usernameRule", LIMITS.USERNAME_CHARS_MAX],
  ["holds.users.username", LIMITS.USERNAME_CHARS_MAX],
  ["unitForm.areaHint", LIMITS.AREA_CODE_DIGITS_MAX],
  ["holds.area_code", LIMITS.AREA_CODE_DIGITS_MAX],
  ["gap.effortHint", LIMITS.EFFORT_MAX],
])("says in the text %s the limit that the service has", (key, ...limits) => {
  const written = files.flatMap(({ name, text }) => {
    // A text is one string, or several that are added.
    const [, words] =
      (/^texts\//.test(name) && text.match(new RegExp(`"${key}":\\s*((?:"[^"]*"(?:\\s*\\+\\s*)?)+)`))) || [];
    return words ? [words] : [];
  });
  expect(written).toHaveLength(2);
  // 16 million are written in Chinese as 1600 ten thousands.
  for (const words of written) for (const limit of limits) expect(words).toMatch(new RegExp(`\\b${limit}(\\b|00 万)`));
});
