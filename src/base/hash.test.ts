import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hash64, hash64Text, seededRandom, xorKeys } from "./index.ts";

const TEXT = "http://electronichealth.se/identifier/personnummer|189001019802 åäö";

/** Made with the npm package murmurhash3js-revisited 3.0.0 (x86.hash128, first 16 hexadecimal digits): beginnings of TEXT. */
const BEGINNINGS: readonly (readonly [number, string])[] = [
  [0, "0000000000000000"],
  [1, "a20499effd2c24ad"],
  [2, "65b0b58cdf9c8d65"],
  [3, "1e087ce8537b4fbb"],
  [4, "17a9ac60926e5a98"],
  [5, "6e0e3ba869ccd3d2"],
  [6, "a550818daaa6c345"],
  [7, "069e14b1dc24cc9b"],
  [8, "0f48f5c9f0c5c066"],
  [9, "d18a36dea825cbd0"],
  [10, "fc986166189192b8"],
  [11, "600fdbb5e49f8bd4"],
  [12, "53c454978b5d0035"],
  [13, "0989945d715360e8"],
  [14, "8f31137109b2e8dc"],
  [15, "7c6b19e0c2333798"],
  [16, "473680994ea836dd"],
  [17, "61e865453f4f820c"],
  [64, "84aaf9fbeb8ccf4c"],
  [65, "6b98ea4170bdff15"],
  [66, "6290706c1cd2a923"],
  [67, "be1dfd3511d2b82d"],
];

const OTHERS: readonly (readonly [string, string])[] = [
  ["a", "a794933c5556b01b"],
  ["åäö", "e5148a134e153ee5"],
  ["🧡 hjärta", "267a94805b005f36"],
  ["x".repeat(1024), "3b08c1a3846d64e2"],
  ["x".repeat(1025), "b483b8ffc4044e9e"],
  ["param:code", "81425f333c7dbb06"],
  ["The quick brown fox jumps over the lazy dog", "2f1583c3ecee2c67"],
];

test("BASE-HASH-1 the hash is the published one for every length of the last block", () => {
  for (const [length, expected] of BEGINNINGS) assert.equal(hex(hash64(TEXT.slice(0, length))), expected, `${length}`);
  for (const [text, expected] of OTHERS) assert.equal(hex(hash64(text)), expected, text);
});

test("BASE-HASH-2 the hash agrees with a plain implementation for any text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 80 }), fc.string({ maxLength: 80 })), (text) => {
      assert.equal(hash64(text), plainHash(new TextEncoder().encode(text)));
    }),
    { numRuns: 5000 },
  );
});

test("BASE-HASH-2 a lone surrogate counts as U+FFFD", () => {
  assert.equal(hash64("a\ud800b"), hash64("a\ufffdb"));
  assert.equal(hash64("\udc00"), hash64("\ufffd"));
});

test("BASE-HASH-3 the text is the same signed 64-bit number", () => {
  assert.equal(hash64Text("a"), "-6371305685483343845");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      assert.equal(BigInt(hash64Text(text)), hash64(text));
      assert.equal(hash64(text), BigInt.asIntN(64, hash64(text)));
    }),
  );
});

test("BASE-HASH-4 a million generated texts have a million hashes", () => {
  const hashes = new BigInt64Array(1_000_000);
  for (let i = 0; i < hashes.length; i++) {
    hashes[i] = hash64(i % 2 === 0 ? `http://snomed.info/sct|${i}` : `urn:uuid:${i}-${i * 7919}`);
  }
  hashes.sort();
  for (let i = 1; i < hashes.length; i++) assert.notEqual(hashes[i], hashes[i - 1]);
});

test("BASE-HASH-4 one changed character changes about half of the bits, wherever it is", () => {
  const random = seededRandom("BASE-HASH-4");
  for (const length of [1, 4, 5, 8, 12, 16, 17, 33, 60]) {
    const flips = Array.from({ length: 64 }, () => 0);
    for (let round = 0; round < 2000; round++) {
      const units = Array.from({ length }, () => 33 + random.int(90));
      const before = hash64(String.fromCharCode(...units));
      const at = random.int(length);
      units[at] = 33 + ((units[at]! - 33 + 1 + random.int(89)) % 90);
      const changed = before ^ hash64(String.fromCharCode(...units));
      for (let bit = 0; bit < 64; bit++) flips[bit]! += Number((changed >> BigInt(bit)) & 1n);
    }
    for (const count of flips) assert.ok(count > 850 && count < 1150, `${count} of 2000 at length ${length}`);
  }
});

test("BASE-HASH-5 keys join as signed 64-bit text and come apart again", () => {
  assert.equal(xorKeys(-1n, 0n), "-1");
  assert.equal(xorKeys(2n ** 63n - 1n, -(2n ** 63n)), "-1");
  fc.assert(
    fc.property(fc.string(), fc.string(), (value, name) => {
      const joined = xorKeys(hash64(value), hash64(`param:${name}`));
      assert.equal(BigInt(joined), BigInt.asIntN(64, BigInt(joined)));
      assert.equal(xorKeys(BigInt(joined), hash64(`param:${name}`)), hash64Text(value));
    }),
  );
});

function hex(value: bigint): string {
  return BigInt.asUintN(64, value).toString(16).padStart(16, "0");
}

/** MurmurHash3_x86_128, first two words, in plain arithmetic with big integers. */
function plainHash(bytes: Uint8Array): bigint {
  const C = [0x239b961bn, 0xab0e9789n, 0x38b34ae5n, 0xa1e38b93n];
  const ADD = [0x561ccd1bn, 0x0bcaa747n, 0x96cd1c35n, 0x32ac3b17n];
  const u32 = (x: bigint): bigint => BigInt.asUintN(32, x);
  const rotated = (x: bigint, by: number): bigint => u32((x << BigInt(by)) | (x >> BigInt(32 - by)));
  const mixed = (k: bigint, i: number): bigint => u32(rotated(u32(k * C[i]!), 15 + i) * C[(i + 1) % 4]!);
  const wordAt = (at: number): bigint =>
    [3, 2, 1, 0].reduce((word, i) => (word << 8n) | BigInt(bytes[at + i] ?? 0), 0n);
  const h = [0n, 0n, 0n, 0n];
  const blocks = Math.floor(bytes.length / 16);
  for (let block = 0; block < blocks; block++) {
    for (let i = 0; i < 4; i++) {
      h[i]! ^= mixed(wordAt(block * 16 + i * 4), i);
      h[i] = u32((rotated(h[i]!, 19 - i * 2) + h[(i + 1) % 4]!) * 5n + ADD[i]!);
    }
  }
  for (let i = 0; i < 4; i++) h[i]! ^= mixed(wordAt(blocks * 16 + i * 4), i) ^ BigInt(bytes.length);
  const spread = (): void => {
    h[0] = u32(h[0]! + h[1]! + h[2]! + h[3]!);
    for (let i = 1; i < 4; i++) h[i] = u32(h[i]! + h[0]);
  };
  spread();
  for (let i = 0; i < 4; i++) {
    let x = h[i]!;
    x = u32((x ^ (x >> 16n)) * 0x85ebca6bn);
    x = u32((x ^ (x >> 13n)) * 0xc2b2ae35n);
    h[i] = x ^ (x >> 16n);
  }
  spread();
  return BigInt.asIntN(64, (h[0]! << 32n) | h[1]!);
}
