/**
 * Ids that carry their shard key, so that a read by id alone reaches one shard, and that sort by time within it.
 * 26 characters: `e`, 4 of home (20 bits), 9 of time (45 bits of milliseconds), 12 random (60 bits);
 * digits are Crockford's base 32 in lower case, whose ASCII order is its numeric order. SPEC BASE-ID
 */
import type { ResourceId } from "./brand.ts";
import { hashModulo } from "./hash.ts";

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
const ID_FORM = /^e[0-9a-hjkmnp-tv-z]{25}$/;
const HOMES = 2 ** 20;
const LAST_MS = 2 ** 45 - 1;
const RANDOM_BYTES = 10;

/** How many homes there are; home 0 is for what belongs to no patient. */
export const HOME_COUNT = HOMES;

/**
 * Makes an id. The same arguments give the same id: uniqueness comes from `random`, 10 bytes from a
 * cryptographic source, of which the first 60 bits are used.
 * @throws RangeError when home, time or the random bytes are out of range.
 */
export function newId(home: number, nowMs: number, random: Uint8Array): ResourceId {
  if (!isWithin(home, HOMES - 1)) throw new RangeError("home is not within 0 to 2^20 - 1");
  if (!isWithin(nowMs, LAST_MS)) throw new RangeError("time is not within 0 to 2^45 - 1 ms");
  if (random.length < RANDOM_BYTES) throw new RangeError("an id needs 10 random bytes");
  const head = "e" + digits(home, 4) + digits(Math.floor(nowMs / 2 ** 25), 4) + digits(nowMs % 2 ** 25, 5);
  return (head + digits(bits30(random, 0), 6) + digits(bits30(random, 30), 6)) as ResourceId;
}

/** Makes an id for a new patient, with a home drawn evenly over 1 to 2^20 - 1 from the last 20 of the 80 random bits. */
export function newPatientId(nowMs: number, random: Uint8Array): ResourceId {
  if (random.length < RANDOM_BYTES) throw new RangeError("an id needs 10 random bytes");
  const drawn = ((random[7]! & 15) << 16) | (random[8]! << 8) | random[9]!;
  return newId(1 + (drawn % (HOMES - 1)), nowMs, random);
}

/** The home that an id carries, or undefined for an id that was not made by `newId`. */
export function homeOfId(id: string): number | undefined {
  return ID_FORM.test(id) ? valueOf(id, 1, 5) : undefined;
}

/** The time (ms) at which an id was made, or undefined for an id that was not made by `newId`. */
export function timeOfId(id: string): number | undefined {
  return ID_FORM.test(id) ? valueOf(id, 5, 9) * 2 ** 25 + valueOf(id, 9, 14) : undefined;
}

/** The home of a patient: the one its id carries, else 1 + hash modulo 2^20 - 1, for an id given by someone else. */
export function homeOf(patientId: string): number {
  return homeOfId(patientId) ?? 1 + hashModulo(patientId, HOMES - 1);
}

function isWithin(value: number, last: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= last;
}

/** The low `count * 5` bits of a number below 2^30, most significant digit first. */
function digits(value: number, count: number): string {
  let text = "";
  for (let shift = (count - 1) * 5; shift >= 0; shift -= 5) text += DIGITS[(value >>> shift) & 31]!;
  return text;
}

/** 30 bits from bit `from`, which is 0 or 30, most significant bit first. */
function bits30(bytes: Uint8Array, from: 0 | 30): number {
  if (from === 0) return ((bytes[0]! << 22) | (bytes[1]! << 14) | (bytes[2]! << 6) | (bytes[3]! >>> 2)) >>> 0;
  return (((bytes[3]! & 3) << 28) | (bytes[4]! << 20) | (bytes[5]! << 12) | (bytes[6]! << 4) | (bytes[7]! >>> 4)) >>> 0;
}

function valueOf(id: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 32 + DIGITS.indexOf(id[i]!);
  return value;
}
