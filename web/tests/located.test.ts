import { describe, expect, it } from "vitest";
import { canBeLocated, located, POSITION_AGE_MAX_MS } from "../src/inspector/located";
import type { PositionState } from "../src/place/position";

const at = Date.parse("2026-08-03T07:04:00Z");
const photo = (from = at) => ({ capturedAt: new Date(from).toISOString() });
const known = (from: number, lat = 31.2): PositionState => ({
  kind: "known",
  location: { lat, lon: 107.4, accuracy_m: 9 },
  at: from,
});
const nothing = { location: null, locatedAt: null };

describe("the position of a report", () => {
  it("is one heard about when a photo was taken", () => {
    for (const apart of [-POSITION_AGE_MAX_MS, 0, POSITION_AGE_MAX_MS]) {
      expect(located(nothing, [photo()], known(at + apart))).toMatchObject({
        location: { lat: 31.2 },
        locatedAt: at + apart,
      });
    }
  });

  it("is none where it was heard only long before or after, however fresh it is now", () => {
    for (const apart of [-POSITION_AGE_MAX_MS - 1, POSITION_AGE_MAX_MS + 1, 3_600_000]) {
      expect(located(nothing, [photo()], known(at + apart))).toEqual(nothing);
    }
    // A photo out of the album was taken at another time, though it is chosen now.
    expect(located(nothing, [photo(at - 86_400_000)], known(at))).toEqual(nothing);
    expect(located(nothing, [], known(at))).toEqual(nothing);
    expect(located(nothing, [photo()], { kind: "denied" })).toEqual(nothing);
  });

  it("stays as it was while its photo does, and goes with it", () => {
    const kept = located(nothing, [photo()], known(at));
    const later = at + 3_600_000;
    expect(located(kept, [photo(), photo(later)], known(later, 31.9))).toBe(kept);
    // The first photo was removed: what is left was taken elsewhere.
    expect(located(kept, [photo(later)], known(later, 31.9))).toMatchObject({ location: { lat: 31.9 } });
    expect(located(kept, [photo(later)], { kind: "seeking" })).toEqual(nothing);
    expect(located(kept, [], known(at))).toEqual(nothing);
  });

  it("of a draft from an older app is believed", () => {
    const old = { location: { lat: 31.2, lon: 107.4 } };
    expect(located(old, [photo()], known(at + 3_600_000))).toBe(old);
  });

  it("can be asked for again while it could still be the photo's", () => {
    expect(canBeLocated([], at)).toBe(true);
    expect(canBeLocated([photo()], at + POSITION_AGE_MAX_MS)).toBe(true);
    expect(canBeLocated([photo()], at + POSITION_AGE_MAX_MS + 1)).toBe(false);
  });
});
