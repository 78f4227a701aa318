import { describe, expect, it } from "vitest";
import { UNTRANSFORMED, bounded, pinched, SCALE_MAX, swiped, zoomed } from "../src/ui/gesture";

const stage = [360, 600] as const;

describe("fingers on a picture", () => {
  it("enlarge it by how far they part, and keep under them what was there", () => {
    const transform = pinched(
      UNTRANSFORMED,
      [
        { x: -50, y: 0 },
        { x: 50, y: 0 },
      ],
      [
        { x: -100, y: 0 },
        { x: 100, y: 0 },
      ],
      ...stage,
    );
    expect(transform).toEqual({ scale: 2, x: 0, y: 0 });
    // Two fingers beside the middle, which also move: what was between them still is.
    const moved = pinched(
      UNTRANSFORMED,
      [
        { x: 50, y: 20 },
        { x: 90, y: 20 },
      ],
      [
        { x: 50, y: 40 },
        { x: 130, y: 40 },
      ],
      ...stage,
    );
    expect([moved.scale, 70 * moved.scale + moved.x, 20 * moved.scale + moved.y]).toEqual([2, 90, 40]);
    // Beside the middle: the point that was 100 right of it still is.
    const beside = zoomed(UNTRANSFORMED, 2, { x: 100, y: 0 }, ...stage);
    expect(beside.x + 100 * beside.scale).toBe(100);
  });

  it("make it neither smaller than the stage nor larger than there is to see", () => {
    expect(
      pinched(
        UNTRANSFORMED,
        [
          { x: -90, y: 0 },
          { x: 90, y: 0 },
        ],
        [
          { x: -9, y: 0 },
          { x: 9, y: 0 },
        ],
        ...stage,
      ),
    ).toEqual(UNTRANSFORMED);
    expect(
      pinched(
        UNTRANSFORMED,
        [
          { x: -1, y: 0 },
          { x: 1, y: 0 },
        ],
        [
          { x: -300, y: 0 },
          { x: 300, y: 0 },
        ],
        ...stage,
      ).scale,
    ).toBe(SCALE_MAX);
  });

  it("pull it no further than its edge", () => {
    expect(bounded({ scale: 2, x: 9_999, y: -9_999 }, ...stage)).toEqual({ scale: 2, x: 180, y: -300 });
    expect(bounded({ scale: 1, x: 5, y: 5 }, ...stage)).toEqual(UNTRANSFORMED);
  });

  it("swipe to the next one or the one before, but not what is enlarged, and not up or down", () => {
    const from = { x: 0, y: 0 };
    expect(swiped(UNTRANSFORMED, from, { x: -60, y: 10 })).toBe(1);
    expect(swiped(UNTRANSFORMED, from, { x: 60, y: 10 })).toBe(-1);
    expect(swiped(UNTRANSFORMED, from, { x: -40, y: 0 })).toBe(0);
    expect(swiped(UNTRANSFORMED, from, { x: -60, y: 90 })).toBe(0);
    expect(swiped({ scale: 2, x: 0, y: 0 }, from, { x: -200, y: 0 })).toBe(0);
  });
});
