import { encode } from "uqr";
import { describe, expect, it, vi } from "vitest";
import { codeOf, placeAddress } from "../src/office/settings/officeCode";

vi.mock("uqr", async (original) => {
  const real = await original<typeof import("uqr")>();
  return { ...real, encode: vi.fn(real.encode) };
});
const id = "01890000-0000-7000-8000-000000000001";

describe("a place's code", () => {
  it("is its address, and nothing but", () => {
    const address = placeAddress("https://county.example", id);
    expect(address).toBe(`https://county.example/#/capture?point=${id}`);
    codeOf(address);
    // The library draws it; what it is given is ours. Level M, and the border that the standard asks for.
    expect(vi.mocked(encode).mock.lastCall).toEqual([address, { ecc: "M", border: 4 }]);
  });

  it("has the three squares that cameras look for, within a quiet border", () => {
    const { size, path } = codeOf(placeAddress("https://county.example", id));
    const dark = new Set(Array.from(path.matchAll(/M(\d+) (\d+)h1v1h-1z/g), ([, x, y]) => `${x ?? ""},${y ?? ""}`));
    const inner = size - 8;
    for (const [left, top] of [
      [4, 4],
      [4 + inner - 7, 4],
      [4, 4 + inner - 7],
    ] as const) {
      for (let y = 0; y < 7; y += 1) {
        for (let x = 0; x < 7; x += 1) {
          const ring = Math.min(x, y, 6 - x, 6 - y);
          expect(dark.has(`${left + x},${top + y}`), `${left + x},${top + y}`).toBe(ring !== 1);
        }
      }
    }
    for (let at = 0; at < size; at += 1)
      for (const edge of [0, 1, 2, 3, size - 1, size - 4]) {
        expect(dark.has(`${at},${edge}`) || dark.has(`${edge},${at}`)).toBe(false);
      }
  });
});
