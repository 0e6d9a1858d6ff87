/**
 * The 64-bit hash behind shard keys and search tokens. It is stored in every database, so it may never change:
 * MurmurHash3_x86_128, seed 0, over the UTF-8 bytes; its first 32-bit word is the high half, the second the low.
 * It is not a cryptographic hash. SPEC BASE-HASH · https://github.com/aappleby/smhasher/blob/master/src/MurmurHash3.cpp
 */

const SCRATCH_BYTES = 1024;
const UTF8 = new TextEncoder();
const scratch = new Uint8Array(SCRATCH_BYTES);

/** One result slot seen both as two 32-bit halves and as one int64, so that no BigInt arithmetic is needed. */
const slot = new DataView(new ArrayBuffer(8));

/** The hash as a signed 64-bit integer, as PostgreSQL's `int8` holds it. A lone surrogate counts as U+FFFD. */
export function hash64(text: string): bigint {
  hashInto(text);
  return slot.getBigInt64(0);
}

/** The hash as decimal text of the signed 64-bit integer. */
export function hash64Text(text: string): string {
  return hash64(text).toString();
}

/** Joins two keys into one (`a XOR b`), as decimal text of the signed 64-bit integer. */
export function xorKeys(a: bigint, b: bigint): string {
  return BigInt.asIntN(64, a ^ b).toString();
}

/** The hash, taken as unsigned, modulo `divisor` (at most 2^20), without BigInt. */
export function hashModulo(text: string, divisor: number): number {
  hashInto(text);
  const high = slot.getUint32(0) % divisor;
  return (high * (2 ** 32 % divisor) + slot.getUint32(4)) % divisor;
}

/** Leaves the hash of `text` in `slot`, big-endian. */
function hashInto(text: string): void {
  const length = writeAscii(text);
  if (length >= 0) return murmur3(scratch, length);
  const bytes = UTF8.encode(text);
  murmur3(bytes, bytes.length);
}

/** Copies a short ASCII text to the scratch bytes; -1 if it is long or not ASCII. Most keys are both short and ASCII. */
function writeAscii(text: string): number {
  const length = text.length;
  if (length > SCRATCH_BYTES) return -1;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return -1;
    scratch[i] = unit;
  }
  return length;
}

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

function murmur3(bytes: Uint8Array, length: number): void {
  let h1 = 0;
  let h2 = 0;
  let h3 = 0;
  let h4 = 0;
  const end = length & ~15;
  for (let i = 0; i < end; i += 16) {
    h1 ^= scramble(word(bytes, i), C1, 15, C2);
    h1 = (Math.imul(rotate(h1, 19) + h2, 5) + 0x561ccd1b) | 0;
    h2 ^= scramble(word(bytes, i + 4), C2, 16, C3);
    h2 = (Math.imul(rotate(h2, 17) + h3, 5) + 0x0bcaa747) | 0;
    h3 ^= scramble(word(bytes, i + 8), C3, 17, C4);
    h3 = (Math.imul(rotate(h3, 15) + h4, 5) + 0x96cd1c35) | 0;
    h4 ^= scramble(word(bytes, i + 12), C4, 18, C1);
    h4 = (Math.imul(rotate(h4, 13) + h1, 5) + 0x32ac3b17) | 0;
  }
  const rest = length - end;
  if (rest > 12) h4 ^= scramble(tail(bytes, end + 12, length), C4, 18, C1);
  if (rest > 8) h3 ^= scramble(tail(bytes, end + 8, length), C3, 17, C4);
  if (rest > 4) h2 ^= scramble(tail(bytes, end + 4, length), C2, 16, C3);
  if (rest > 0) h1 ^= scramble(tail(bytes, end, length), C1, 15, C2);

  h1 ^= length;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = finish((h2 + h1) | 0);
  h3 = finish((h3 + h1) | 0);
  h4 = finish((h4 + h1) | 0);
  h1 = finish(h1);
  h1 = (h1 + h2 + h3 + h4) | 0;
  slot.setInt32(0, h1);
  slot.setInt32(4, h2 + h1);
}

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** The up to four bytes from `at` to `end`, as a little-endian word. */
function tail(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let i = Math.min(end, at + 4) - 1; i >= at; i--) value = (value << 8) | bytes[i]!;
  return value;
}

function scramble(value: number, first: number, turn: number, second: number): number {
  return Math.imul(rotate(Math.imul(value, first), turn), second);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function finish(value: number): number {
  let h = value ^ (value >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
