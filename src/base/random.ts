/**
 * Pseudo-random numbers that repeat exactly from a seed, for generators, simulations and tests.
 * Never for ids, tokens or keys. Generator: sfc32 (Doty-Humphrey, PractRand), seeded through `hash64`. SPEC BASE-RANDOM
 */
import { hash64 } from "./hash.ts";

export interface SeededRandom {
  /** A number from 0 up to, not including, 1, with 53 bits. */
  next(): number;
  /** A whole number from 0 to `n` - 1, every one equally likely. @throws RangeError unless n is a whole number within 1 to 2^32. */
  int(n: number): number;
  /** One member, every one equally likely. @throws RangeError for an empty list. */
  pick<T>(from: readonly T[]): T;
  /** `n` random bytes. */
  bytes(n: number): Uint8Array;
}

const TWO_32 = 2 ** 32;
const WARM_UP = 12;

/** A generator whose whole sequence follows from the seed; the number 7 and the text "7" are the same seed. */
export function seededRandom(seed: number | string): SeededRandom {
  const draw = sfc32(String(seed));
  const int = (n: number): number => intBelow(n, draw);
  return {
    next: () => ((draw() >>> 5) * 2 ** 26 + (draw() >>> 6)) / 2 ** 53,
    int,
    pick: <T>(from: readonly T[]): T => {
      if (from.length === 0) throw new RangeError("nothing to pick from");
      return from[int(from.length)] as T;
    },
    bytes: (n) => {
      const bytes = new Uint8Array(n);
      for (let i = 0; i < n; i++) bytes[i] = draw() >>> 24;
      return bytes;
    },
  };
}

/** Draws until the number lies below the greatest multiple of `n`, so that no remainder is favoured. */
function intBelow(n: number, draw: () => number): number {
  if (!Number.isInteger(n) || n < 1 || n > TWO_32) throw new RangeError("n is not a whole number within 1 to 2^32");
  const limit = TWO_32 - (TWO_32 % n);
  let drawn = draw();
  while (drawn >= limit) drawn = draw();
  return drawn % n;
}

/** Unsigned 32-bit draws. */
function sfc32(seed: string): () => number {
  const key = BigInt.asUintN(64, hash64(seed));
  let a = Number(key >> 32n) | 0;
  let b = Number(key & 0xffffffffn) | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const draw = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < WARM_UP; i++) draw();
  return draw;
}
