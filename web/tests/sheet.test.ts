import { describe, expect, it } from "vitest";
import { decode, faultsOf, readSheet, records, toCsv } from "../src/office/settings/sheetText";

const sheet = {
  kind: "units" as const,
  columns: [
    { name: "code", headings: ["单位编码", "编码"], required: true, empty: "refused" as const, holds: "" },
    { name: "name_zh", headings: ["单位名称"], required: true, empty: "refused" as const, holds: "" },
  ],
};
const bytesOf = (...parts: number[]) => new Uint8Array(parts).buffer;

describe("a sheet's text", () => {
  it("is counted in lines as a person counts them", () => {
    const rows = records('a,b\r\nU1,"two\r\nlines"\r\n\r\nU2,"say ""x"""\r\n');
    expect([...rows]).toEqual([
      [1, ["a", "b"]],
      [2, ["U1", "two\r\nlines"]],
      [5, ["U2", 'say "x"']],
    ]);
    expect([...records("a,b\rU1,x\rU2,y")].map(([line]) => line)).toEqual([1, 2, 3]);
  });

  it("has its headings where the service finds them, under the separator that knows most of them", () => {
    for (const [text, line, cells] of [
      ["编码\t单位名称\nU1\tx,y", 1, ["U1", "x,y"]],
      ["编码;单位名称\nU1;x", 1, ["U1", "x"]],
      ['名单,,\n2026年,,\n编码,单位名称\rU1,"x\ty"', 3, ["U1", "x\ty"]],
      ["sep=;\n编码;单位名称\nU1;x", 2, ["U1", "x"]],
    ] as const) {
      const read = readSheet(text, sheet);
      expect([read.headingLine, read.rows.get(line + 1)]).toEqual([line, cells]);
    }
  });

  it("is read in the encodings that the service reads", () => {
    expect(decode(new TextEncoder().encode("单位").buffer as ArrayBuffer)).toBe("单位");
    expect(decode(bytesOf(0xb5, 0xa5, 0xce, 0xbb))).toBe("单位");
    expect(decode(bytesOf(0xff, 0xfe, 0x55, 0x53))).toContain("单");
  });

  it("gives each fault the cell it is about", () => {
    const text = "\ufeff编码,单位名称\nU1,\n";
    const faults = faultsOf(
      [
        { pointer: "/2/code", code: "malformed", detail: "" },
        { pointer: "/2/name_zh", code: "required", detail: "" },
        { pointer: "/3", code: "malformed", detail: "" },
        { pointer: "/1/no/such", code: "unknown", detail: "" },
      ],
      sheet,
      text,
    );
    expect(faults.map((fault) => [fault.line, fault.column, fault.cell])).toEqual([
      [2, "编码", "U1"],
      [2, "单位名称", ""],
      [3, "", ""],
      [1, "no/such", ""],
    ]);
  });

  it("names the earlier line of what stands twice", () => {
    const twice = faultsOf(
      [
        { pointer: "/4/code", code: "duplicate", detail: "" },
        { pointer: "/3/name_zh", code: "duplicate", detail: "a unit has this name" },
      ],
      sheet,
      "编码,单位名称\nU1,甲\nU2,乙\nU1,丙\n",
    );
    expect(twice.map((fault) => fault.earlier)).toEqual([2, null]);
  });

  it("is written so that no cell begins a formula", () => {
    expect(toCsv([["=1+1", "-5", "a,b", 'x"y']])).toBe('\ufeff\'=1+1,-5,"a,b","x""y"\r\n');
  });
});
