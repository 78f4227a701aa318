/** How many of those that were due, in whole percent; `null` where none was due: that is no success. */
export function percentOf(count: number, due: number): number | null {
  if (due === 0) return null;
  if (count >= due) return 100;
  // Rounded as usual, but a hundred only where none is missing, and nought only where there is none.
  return Math.min(99, Math.max(count > 0 ? 1 : 0, Math.round((count / due) * 100)));
}
