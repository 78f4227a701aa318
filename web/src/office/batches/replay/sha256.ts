// SHA-256 (FIPS 180-4) and HMAC (RFC 2104). The browser's own is asynchronous, and missing where the county has no
// HTTPS; a draw needs thousands of short digests, one after the other.

const K = new Uint32Array(64);
const START = new Uint32Array(8);
{
  // The first 32 bits of the fractions of cube and square roots of the first primes.
  let count = 0;
  for (let one = 2; count < 64; one += 1) {
    let isPrime = true;
    for (let by = 2; by * by <= one; by += 1) if (one % by === 0) isPrime = false;
    if (!isPrime) continue;
    const bits = (root: number) => Math.floor((root - Math.floor(root)) * 2 ** 32);
    if (count < 8) START[count] = bits(Math.sqrt(one));
    K[count] = bits(Math.cbrt(one));
    count += 1;
  }
}

const turn = (word: number, by: number): number => (word >>> by) | (word << (32 - by));

export function sha256(data: Uint8Array): Uint8Array {
  const blocks = Math.ceil((data.length + 9) / 64);
  const padded = new Uint8Array(blocks * 64);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(data.length / 2 ** 29));
  view.setUint32(padded.length - 4, data.length << 3);
  const hash = START.slice();
  const words = new Uint32Array(64);
  const at = (list: Uint32Array, index: number): number => list[index] ?? 0;
  for (let block = 0; block < blocks; block += 1) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(block * 64 + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const near = at(words, i - 2);
      const far = at(words, i - 15);
      words[i] =
        at(words, i - 16) +
        (turn(far, 7) ^ turn(far, 18) ^ (far >>> 3)) +
        at(words, i - 7) +
        (turn(near, 17) ^ turn(near, 19) ^ (near >>> 10));
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = hash;
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + at(K, i) + at(words, i)) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    for (const [i, word] of [a, b, c, d, e, f, g, h].entries()) hash[i] = at(hash, i) + word;
  }
  const out = new Uint8Array(32);
  const written = new DataView(out.buffer);
  for (let i = 0; i < 8; i += 1) written.setUint32(i * 4, at(hash, i));
  return out;
}

export function joined(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function hmac(key: Uint8Array, message: Uint8Array): Uint8Array {
  const short = key.length > 64 ? sha256(key) : key;
  const pad = (byte: number) => {
    const block = new Uint8Array(64).fill(byte);
    short.forEach((one, at) => {
      block[at] = one ^ byte;
    });
    return block;
  };
  return sha256(joined(pad(0x5c), sha256(joined(pad(0x36), message))));
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
export const fromHex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
