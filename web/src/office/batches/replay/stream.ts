// Random numbers of a draw: docs/DRAW.md, section 5.
import { hmac, joined, utf8 } from "./sha256";

const ALL = BigInt(2) ** BigInt(64);
const BYTE = BigInt(256);

export class Stream {
  private readonly seed: Uint8Array;
  private readonly label: Uint8Array;
  private block = 0;
  private bytes = new Uint8Array(0);

  constructor(seed: Uint8Array, label: string) {
    this.seed = seed;
    this.label = utf8(`${label}\0`);
  }

  private next(): bigint {
    if (this.bytes.length === 0) {
      const count = new Uint8Array(8);
      new DataView(count.buffer).setUint32(4, this.block);
      this.block += 1;
      this.bytes = Uint8Array.from(hmac(this.seed, joined(this.label, count)));
    }
    let number = BigInt(0);
    for (const byte of this.bytes.slice(0, 8)) number = number * BYTE + BigInt(byte);
    this.bytes = this.bytes.slice(8);
    return number;
  }

  /** A number below `end`, each with the same chance. */
  below(end: number): number {
    const size = BigInt(end);
    for (;;) {
      const number = this.next();
      if (number < ALL - (ALL % size)) return Number(number % size);
    }
  }

  /** A position, by weight; `null` if all weights are 0. */
  weighted(weights: number[]): number | null {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (total === 0) return null;
    let left = this.below(total);
    for (const [at, weight] of weights.entries()) {
      if (left < weight) return at;
      left -= weight;
    }
    return null;
  }

  pick<T>(items: T[]): T | null {
    return items.length === 0 ? null : (items[this.below(items.length)] ?? null);
  }
}
