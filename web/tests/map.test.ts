import { describe, expect, it } from "vitest";
import type { Location } from "../src/api/types";
import { CLUSTER_PX, clustersOf } from "../src/office/map/clusters";
import { draw } from "../src/map/draw";
import { imagePiece, tilePieces, toWgs84 } from "../src/office/map/ground";
import { adjusted, cornersOf, firstGuess, isUpright, withEdge } from "../src/office/map/placement";
import { moved, toLocation, toPixel, viewAt, viewOf, zoomed } from "../src/map/view";
import type { View } from "../src/map/view";
import { distanceM, formatDistance } from "../src/place/distance";

const at = (lat: number, lon: number): Location => ({ lat, lon });
const view: View = { centre: at(31.2, 107.4), metresPerPixel: 5, shrink: Math.cos((31.2 * Math.PI) / 180) };

describe("the map's view", () => {
  it("puts the middle in the middle and shows every place", () => {
    const places = [at(31.2, 107.4), at(31.3, 107.6)];
    const all = viewOf(places, 400, 300);
    expect(toPixel(all, all.centre, 400, 300)).toEqual({ x: 200, y: 150 });
    for (const place of places) {
      const { x, y } = toPixel(all, place, 400, 300);
      expect(x > 0 && x < 400 && y > 0 && y < 300).toBe(true);
    }
    expect(viewOf([at(31.2, 107.4)], 400, 300).metresPerPixel).toBeCloseTo(150 / 240);
  });

  it("moves by as many pixels as it is dragged, and back again", () => {
    const place = at(31.21, 107.41);
    const [before, after] = [toPixel(view, place, 400, 300), toPixel(moved(view, 30, -20), place, 400, 300)];
    expect([after.x - before.x, after.y - before.y].map((px) => Math.round(px * 1e6) / 1e6)).toEqual([30, -20]);
    const { lat, lon } = toLocation(view, before, 400, 300);
    expect([lat, lon].map((degrees) => Number(degrees.toFixed(9)))).toEqual([31.21, 107.41]);
  });

  it("keeps what is under the finger there while it goes nearer, and ends somewhere", () => {
    const finger = { x: 320, y: 40 };
    const held = toLocation(view, finger, 400, 300);
    const near = zoomed(view, 0.5, finger, 400, 300);
    expect(near.metresPerPixel).toBe(2.5);
    const { x, y } = toPixel(near, held, 400, 300);
    expect([x, y].map((px) => Math.round(px * 1e6) / 1e6)).toEqual([320, 40]);
    expect(zoomed(view, 1e-9, finger, 400, 300).metresPerPixel).toBe(0.1);
    expect(zoomed(view, 1e9, finger, 400, 300).metresPerPixel).toBe(2_000);
    expect(viewAt(view, at(31, 107))).toMatchObject({ centre: at(31, 107), metresPerPixel: 2 });
  });

  it("measures along the ground", () => {
    expect(distanceM(at(31.2, 107.4), at(31.2, 107.41))).toBeCloseTo(951, -1);
    expect([formatDistance(8), formatDistance(951), formatDistance(1_234), formatDistance(23_456)]).toEqual([
      "10 米",
      "950 米",
      "1.2 公里",
      "23 公里",
    ]);
  });

  it("draws nothing where there is no canvas to draw on", () => {
    const canvas = { clientWidth: 10, clientHeight: 10, getContext: () => null } as unknown as HTMLCanvasElement;
    expect(() => draw(canvas, view, [])).not.toThrow();
  });
});

describe("clusters", () => {
  const spots = Array.from({ length: 200 }, (_, n) => ({
    id: `p${n}`,
    location: at(31.2 + (n % 20) * 0.0013, 107.4 + Math.floor(n / 20) * 0.0017),
    open: n % 3,
    late: n % 7 === 0 ? 1 : 0,
  }));

  it("leave out nothing, count all, and do not cover each other", () => {
    const found = clustersOf(spots, view);
    expect(found.length).toBeLessThan(spots.length / 2);
    expect(found.flatMap((one) => one.spots.map((spot) => spot.id)).sort()).toEqual(
      spots.map((spot) => spot.id).sort(),
    );
    expect(found.reduce((sum, one) => sum + one.open, 0)).toBe(spots.reduce((sum, spot) => sum + spot.open, 0));
    expect(found.reduce((sum, one) => sum + one.late, 0)).toBe(29);
    const pixels = found.map((one) => toPixel(view, one.location, 0, 0));
    for (const [index, a] of pixels.entries())
      for (const b of pixels.slice(index + 1))
        expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThanOrEqual(CLUSTER_PX - 1e-6);
  });

  it("stay the same while the map is moved, and part when one goes nearer", () => {
    const ids = (now: View) => clustersOf(spots, now).map((one) => one.spots.map((spot) => spot.id));
    expect(ids(moved(view, 133, -71))).toEqual(ids(view));
    expect(clustersOf(spots, { ...view, metresPerPixel: 0.5 })).toHaveLength(spots.length);
  });

  it("leave the chosen place alone", () => {
    const found = clustersOf(spots, { ...view, metresPerPixel: 2_000 }, "p17");
    expect(found.map((one) => one.spots.length).sort((a, b) => a - b)).toEqual([1, 199]);
  });
});

describe("the ground", () => {
  it("is moved from GCJ-02 and not from CGCS2000", () => {
    // Tiananmen, whose GCJ-02 position is some 550 m off.
    const moved = toWgs84("gcj02", 116.397428, 39.90923);
    expect(distanceM(moved, at(39.90923, 116.397428))).toBeGreaterThan(450);
    expect(distanceM(moved, at(39.907826, 116.391186))).toBeLessThan(5);
    expect(toWgs84("cgcs2000", 107.4, 31.2)).toEqual({ lon: 107.4, lat: 31.2 });
  });

  it("takes the tiles that cover the view, each where it belongs", () => {
    const tiles = { template: "/t/{z}/{x}/{y}.png", crs: "wgs84", zoom_min: 3, zoom_max: 18, credit: "" } as const;
    const pieces = tilePieces(tiles, view, 400, 300, 1);
    // Zoom 15 has 4.09 m a pixel at this latitude.
    expect(pieces.map((piece) => piece.url)).toContain("/t/15/26159/13392.png");
    const [left, right] = [
      Math.min(...pieces.map((piece) => toPixel(view, piece.corners[0], 400, 300).x)),
      Math.max(...pieces.map((piece) => toPixel(view, piece.corners[1], 400, 300).x)),
    ];
    const [top, bottom] = [
      Math.min(...pieces.map((piece) => toPixel(view, piece.corners[0], 400, 300).y)),
      Math.max(...pieces.map((piece) => toPixel(view, piece.corners[2], 400, 300).y)),
    ];
    expect([left <= 0, top <= 0, right >= 400, bottom >= 300]).toEqual([true, true, true, true]);
    const [first, second] = pieces;
    expect(second?.corners[0]).toEqual(first?.corners[1]);
    expect(tilePieces({ ...tiles, zoom_max: 10 }, view, 400, 300, 1)[0]?.url).toMatch(/^\/t\/10\//);
    // Too far out for the lowest zoom: no tiles are better than thousands.
    expect(tilePieces({ ...tiles, zoom_min: 18 }, { ...view, metresPerPixel: 500 }, 400, 300, 1)).toEqual([]);
  });

  it("of one picture lies between its corners", () => {
    const corners = [
      [107.4, 31.4],
      [107.6, 31.4],
      [107.6, 31.1],
      [107.4, 31.1],
    ];
    expect(imagePiece({ corners, crs: "wgs84", width: 30, height: 20 }, "/x")).toEqual({
      url: "/x",
      width: 30,
      height: 20,
      corners: [at(31.4, 107.4), at(31.4, 107.6), at(31.1, 107.4)],
    });
  });
});

describe("the place of a picture", () => {
  it("begins over all points, in the picture's shape", () => {
    const places = [at(31.2, 107.4), at(31.3, 107.6)];
    const typed = firstGuess(places, 300, 200);
    expect(isUpright(typed)).toBe(true);
    const corners = cornersOf(typed) ?? [];
    const [west, north, east, south] = [
      corners[0]?.[0] ?? 0,
      corners[0]?.[1] ?? 0,
      corners[2]?.[0] ?? 0,
      corners[2]?.[1] ?? 0,
    ];
    expect(places.every(({ lat, lon }) => lat < north && lat > south && lon < east && lon > west)).toBe(true);
    expect(((east - west) * Math.cos((31.25 * Math.PI) / 180)) / (north - south)).toBeCloseTo(1.5, 3);
    expect(cornersOf(firstGuess([], 10, 10))).not.toBeNull();
  });

  it("is typed edge by edge, and is none while a number is missing", () => {
    const typed = firstGuess([at(31.2, 107.4)], 1, 1);
    const next = withEdge(withEdge(typed, "west", "107.1"), "north", "31.9");
    expect(next.map(([lon, lat]) => [lon === "107.1", lat === "31.9"])).toEqual([
      [true, true],
      [false, true],
      [false, false],
      [true, false],
    ]);
    for (const wrong of ["", "107.", "一百", "181", "1e2", "107,4"])
      expect(cornersOf(withEdge(typed, "west", wrong)), wrong).toBeNull();
    expect(cornersOf(withEdge(typed, "north", "86"))).toBeNull();
  });

  it("is moved and grown by shares of the picture, turned ones along their own edges", () => {
    const square = [
      ["107", "31"],
      ["108", "31"],
      ["108", "30"],
      ["107", "30"],
    ] as [string, string][];
    expect(adjusted(square, 0.01, -0.02, 1)).toEqual([
      ["107.01", "30.98"],
      ["108.01", "30.98"],
      ["108.01", "29.98"],
      ["107.01", "29.98"],
    ]);
    expect(adjusted(square, 0, 0, 1.1)[0]).toEqual(["106.95", "31.05"]);
    const turned = [
      ["107", "30"],
      ["107", "31"],
      ["108", "31"],
      ["108", "30"],
    ] as [string, string][];
    expect(adjusted(turned, 0.1, 0, 1)[0]).toEqual(["107", "30.1"]);
    expect(adjusted([["", "31"], ...square.slice(1)] as [string, string][], 0.01, 0, 1)[0]).toEqual(["", "31"]);
  });
});
