import { describe, expect, it } from "vitest";
import { fits } from "../src/office/settings/Table";
import { holds, searchForm } from "../src/texts/searchForm";

describe("words that are looked for", () => {
  it("have one form, as in the service", () => {
    for (const [written, form] of [
      ["消防通道 ", "消防通道"],
      ["\u3000消防通道", "消防通道"],
      ["ＫＩＯＳＫ　１２", "kiosk 12"],
      ["E\u0301COLE", "école"],
      ["消\u200b防\ufeff", "消防"],
      ["\u3000", ""],
    ] as const) {
      expect(searchForm(written)).toBe(form);
    }
  });

  it("fit whatever width and case either side has", () => {
    expect(fits("ｕ02 市监", "Ｕ０２ 市监局")).toBe(true);
    expect(fits("\u3000", "城管局")).toBe(true);
    expect(fits("u03", "Ｕ０２")).toBe(false);
  });

  it("may be the first letters of the characters' sounds, whichever way one is read", () => {
    for (const needle of ["dt", "dth", "dtx", "tx", "打铜", "01"])
      expect(holds("打铜巷 01", "d t hx", needle), needle).toBe(true);
    for (const needle of ["dh", "dthx", "xx", "dt1"]) expect(holds("打铜巷 01", "d t hx", needle), needle).toBe(false);
    // An older service sends none.
    expect(holds("打铜巷", undefined, "dt")).toBe(false);
  });
});
