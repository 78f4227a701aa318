import { describe, expect, it } from "vitest";
import { fits } from "../src/office/settings/Table";
import { searchForm } from "../src/texts/searchForm";

describe("words that are looked for", () => {
  it("have one form, as in the service", () => {
    for (const [written, form] of [
      ["消防通道 ", "消防通道"], ["\u3000消防通道", "消防通道"], ["ＫＩＯＳＫ　１２", "kiosk 12"], ["E\u0301COLE", "école"], ["消\u200b防\ufeff", "消防"], ["\u3000", ""],
    ] as const) {
      expect(searchForm(written)).toBe(form);
    }
  });

  it("fit whatever width and case either side has", () => {
    expect(fits("ｕ02 市监", "Ｕ０２ 市监局")).toBe(true);
    expect(fits("\u3000", "城管局")).toBe(true);
    expect(fits("u03", "Ｕ０２")).toBe(false);
  });
});
