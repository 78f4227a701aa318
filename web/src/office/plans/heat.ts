// Shades of heat tables. The number is always in the cell, so colour is never the only sign.

/** Five shades and none. */
export const SHADES = 5;

/** 0 for nothing, 5 for the greatest value of the table. */
export function shadeOf(value: number, most: number): number {
  if (value <= 0 || most <= 0) return 0;
  return Math.max(1, Math.min(SHADES, Math.ceil((value / most) * SHADES)));
}
