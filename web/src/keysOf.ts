/**
 * The keys of a table, in its order. A table is a `Record` over all codes of a union of the contract, so that a code
 * which is new there does not compile until it has a row.
 */
export const keysOf = <K extends string>(table: Record<K, unknown>): K[] => Object.keys(table) as K[];

/** A table of these rows. `Object.fromEntries` does the same, but the oldest supported browsers lack it. */
export function fromPairs<V>(pairs: [string, V][]): Record<string, V> {
  const table: Record<string, V> = {};
  for (const [key, value] of pairs) table[key] = value;
  return table;
}
