/** The end of a scale for figures up to `most`, and its marks, so that each is a whole number. */
export function scaleTo(most: number): { end: number; marks: number[] } {
  const wanted = Math.max(4, Math.ceil(most));
  const power = 10 ** Math.floor(Math.log10(wanted / 4));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * power).find((one) => one * 4 >= wanted && Number.isInteger(one));
  const apart = step ?? 1;
  const count = Math.ceil(wanted / apart);
  return { end: apart * count, marks: Array.from({ length: count + 1 }, (_, at) => at * apart) };
}
