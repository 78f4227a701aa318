// The sheet of the meeting screen, as spreadsheet programs write it, and the ranks.
import { expect, it } from "vitest";
import type { RankedUnit } from "../src/api/months";
import { cellsOf, ownBars, ranked, readSheet } from "../src/months/meeting";

const UNITS = [
  { id: "a", code: "U01", name: "县城市管理局" },
  { id: "b", code: "U02", name: "县市场监督管理局" },
  { id: "c", code: "U03", name: "县住房和城乡建设局" },
];

it("reads cells that were pasted, and lines of a file, with a title above", () => {
  const pasted = "2026年8月\n单位名称\t经济发展\t社会治理\n县城市管理局\t９１.5\t88\nU02\t\t100\n\n";
  const scores = { a: { economy: 91.5, governance: 88 }, b: { economy: null, governance: 100 } };
  expect(readSheet(pasted, UNITS)).toEqual({ scores, faults: [] });
  const csv = '\ufeff序号,单位,社会治理,经济发展\r\n1,"县城市管理局",88,91.5\r\n2,县市场监督管理局,100,\r\n';
  expect(readSheet(csv, UNITS)).toEqual({ scores, faults: [] });
  expect(cellsOf('"a, ""b""",2;3')).toEqual(['a, "b"', "2", "3"]);
});

it("takes nothing of a sheet with faults, and tells each with its line", () => {
  const sheet = "单位\t经济发展\t社会治理\n县城市管理局\t101\t九十\n县气象局\t90\t90\n县城市管理局\t90\t-1\n";
  expect(readSheet(sheet, UNITS)).toEqual({
    scores: {},
    faults: [
      { line: 2, kind: "number", cell: "101" },
      { line: 2, kind: "number", cell: "九十" },
      { line: 3, kind: "unit", cell: "县气象局" },
      { line: 4, kind: "twice", cell: "县城市管理局" },
      { line: 4, kind: "number", cell: "-1" },
    ],
  });
  expect(readSheet("单位\t经济发展\n", UNITS).faults).toEqual([{ line: 1, kind: "heading", cell: "社会治理" }]);
  expect(readSheet("", UNITS).faults).toEqual([{ line: 1, kind: "heading", cell: "经济发展" }]);
});

it("gives equal units one rank, and those without a score none", () => {
  const units = ["a", "b", "c", "d", "e"].map((id, at) => ({
    unit_id: id,
    name: id,
    peer_group: "部门",
    rank: at + 1,
    score: "90.00",
    moved: null,
    listed: "neither",
  })) as RankedUnit[];
  const of = (economy: number | null) => ({ economy, governance: null });
  const bars = ranked(units, { a: of(80), b: of(90), c: of(95), d: of(90) }, "economy");
  expect(bars.map(({ id, rank, text }) => [id, rank, text])).toEqual([
    ["c", 1, "95.00"],
    ["b", 2, "90.00"],
    ["d", 2, "90.00"],
    ["a", 4, "80.00"],
    ["e", null, ""],
  ]);
  expect(ownBars(units)[0]).toEqual({ id: "a", name: "a", score: 90, text: "90.00", rank: 1 });
});
