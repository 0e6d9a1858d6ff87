/**
 * SHA-256 as a pure function, so that a browser on a network without https, the server and every receiver compute the seal of words by the
 * same code (Web Crypto answers later, and only in secure contexts). SPEC BASE-WORDS · FIPS 180-4
 */

/** The first 32 bits of the fractional parts of the roots of the first primes. */
function constants(count: number, root: 2 | 3): Uint32Array {
  const found = new Uint32Array(count);
  for (let candidate = 2, at = 0; at < count; candidate += 1) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor += 1) isPrime &&= candidate % divisor !== 0;
    if (!isPrime) continue;
    const value = root === 2 ? Math.sqrt(candidate) : Math.cbrt(candidate);
    found[at] = Math.floor((value - Math.floor(value)) * 2 ** 32);
    at += 1;
  }
  return found;
}

const START = constants(8, 2);
const K = constants(64, 3);
const BLOCK = 64;
/** Used again for every text and block: nothing runs between. */
const w = new Uint32Array(BLOCK);
const state = new Uint32Array(8);
const TWO_BLOCKS = new Uint8Array(2 * BLOCK);
const LENGTH = new DataView(TWO_BLOCKS.buffer);
const ONE_BLOCK = TWO_BLOCKS.subarray(0, BLOCK);
const UTF8 = new TextEncoder();

/** The hash of a text's UTF-8 bytes as 64 hexadecimal digits. Half a character counts as U+FFFD. */
export function sha256(text: string): string {
  return sha256OfBytes(UTF8.encode(text));
}

/** The hash of bytes as 64 hexadecimal digits. */
export function sha256OfBytes(bytes: Uint8Array): string {
  state.set(START);
  const whole = bytes.length - (bytes.length % BLOCK);
  for (let at = 0; at < whole; at += BLOCK) compress(bytes, at);
  const tail = bytes.length - whole > BLOCK - 9 ? TWO_BLOCKS : ONE_BLOCK;
  tail.fill(0);
  tail.set(bytes.subarray(whole));
  tail[bytes.length - whole] = 0x80;
  LENGTH.setUint32(tail.length - 8, Math.floor(bytes.length / 2 ** 29));
  LENGTH.setUint32(tail.length - 4, bytes.length << 3);
  for (let at = 0; at < tail.length; at += BLOCK) compress(tail, at);
  let hex = "";
  for (const word of state) hex += (word + 2 ** 32).toString(16).slice(1);
  return hex;
}

function compress(bytes: Uint8Array, from: number): void {
  for (let i = 0; i < 16; i += 1) {
    const at = from + i * 4;
    w[i] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
  for (let i = 16; i < BLOCK; i += 1) {
    const [early, late] = [w[i - 15]!, w[i - 2]!];
    const s0 = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const s1 = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let [a, b, c, d] = [state[0]!, state[1]!, state[2]!, state[3]!];
  let [e, f, g, h] = [state[4]!, state[5]!, state[6]!, state[7]!];
  for (let i = 0; i < BLOCK; i += 1) {
    const sum1 = turned(e, 6) ^ turned(e, 11) ^ turned(e, 25);
    const first = (h + sum1 + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
    const sum0 = turned(a, 2) ^ turned(a, 13) ^ turned(a, 22);
    const second = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

function turned(value: number, by: number): number {
  return (value >>> by) | (value << (32 - by));
}
