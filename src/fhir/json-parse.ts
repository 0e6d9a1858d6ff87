/**
 * A strict JSON parser: RFC 8259 without its freedoms. It keeps numbers as written and refuses what
 * two readers could understand differently: duplicate names, NUL, lone surrogates, bottomless nesting.
 *
 * SPEC FHIR-JSON · https://www.rfc-editor.org/rfc/rfc8259 · https://hl7.org/fhir/R4/json.html
 */
import type { JsonObject, JsonValue } from "./json-value.ts";
import { ExactNumber } from "./json-write.ts";
import { fhirError, type FhirError, type Phrase } from "./outcomes.ts";

export interface JsonLimits {
  /** How deep objects and arrays may be nested; 100 unless told. */
  readonly depth?: number;
}

type Members = Record<string, JsonValue>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DEFAULT_DEPTH = 100;

const EXPECTED = {
  value: { sv: "ett värde", en: "a value" },
  name: { sv: "ett namn inom citattecken", en: "a name in quotes" },
  colon: { sv: "ett kolon", en: "a colon" },
  objectGoesOn: { sv: "komma eller }", en: "a comma or }" },
  listGoesOn: { sv: "komma eller ]", en: "a comma or ]" },
  end: { sv: "ingenting mer efter värdet", en: "nothing more after the value" },
  once: { sv: "varje namn bara en gång i ett objekt", en: "each name only once in an object" },
  shallow: { sv: "färre nivåer", en: "less nesting" },
  quote: { sv: "ett citattecken som avslutar texten", en: "the string to end" },
  escape: { sv: "ett känt tecken efter omvänt snedstreck", en: "a known escape" },
  escaped: { sv: "styrtecken skrivna med omvänt snedstreck", en: "control characters to be escaped" },
  digits: { sv: "fyra hexadecimala siffror", en: "four hexadecimal digits" },
  noNul: { sv: "inget NUL-tecken", en: "no NUL character" },
  whole: {
    sv: "hela tecken (ett ensamt surrogat är ett halvt)",
    en: "whole characters (a lone surrogate is half of one)",
  },
} as const satisfies Record<string, Phrase>;

// The reader's state lives in module variables: measured 15 % faster than fields of an object, and
// safe because parsing never yields. It is cleared afterwards, so that no document is kept alive.
let text = "";
let at = 0;
let room = 0;

/**
 * Reads one JSON document.
 * @returns its value; a number is an ExactNumber exactly when JavaScript would print it differently
 * @throws FhirError BODY_EMPTY for a blank text, BODY_NOT_JSON with line and column for anything else
 */
export function parseJson(source: string, limits: JsonLimits = {}): JsonValue {
  text = source;
  at = 0;
  room = limits.depth ?? DEFAULT_DEPTH;
  try {
    skipBlanks();
    if (at === text.length) throw fhirError("BODY_EMPTY");
    const value = readValue();
    skipBlanks();
    if (at < text.length) throw refuse(EXPECTED.end);
    return value;
  } finally {
    text = "";
  }
}

function skipBlanks(): void {
  for (;;) {
    const c = text.charCodeAt(at);
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
    at++;
  }
}

function readValue(): JsonValue {
  switch (text.charCodeAt(at)) {
    case QUOTE:
      at++;
      return readString();
    case 0x7b:
      return readObject();
    case 0x5b:
      return readArray();
    case 0x74:
      return readWord("true", true);
    case 0x66:
      return readWord("false", false);
    case 0x6e:
      return readWord("null", null);
    default:
      return readNumber();
  }
}

function readWord<T>(word: string, value: T): T {
  if (!text.startsWith(word, at)) throw refuse(EXPECTED.value);
  at += word.length;
  return value;
}

function readObject(): JsonObject {
  if (--room < 0) throw refuse(EXPECTED.shallow);
  at++;
  const members: Members = {};
  skipBlanks();
  if (text.charCodeAt(at) === 0x7d) {
    at++;
    room++;
    return members;
  }
  for (;;) {
    if (text.charCodeAt(at) !== QUOTE) throw refuse(EXPECTED.name);
    const nameAt = at++;
    const name = readName();
    skipBlanks();
    if (text.charCodeAt(at) !== 0x3a) throw refuse(EXPECTED.colon);
    at++;
    skipBlanks();
    const value = readValue();
    if (members[name] === undefined) members[name] = value;
    else addUnusual(members, name, value, nameAt);
    skipBlanks();
    const c = text.charCodeAt(at);
    if (c === 0x2c) {
      at++;
      skipBlanks();
    } else if (c === 0x7d) {
      at++;
      room++;
      return members;
    } else throw refuse(EXPECTED.objectGoesOn);
  }
}

/** A name that is either there already, or is one that every object inherits, such as __proto__. */
function addUnusual(members: Members, name: string, value: JsonValue, nameAt: number): void {
  if (Object.hasOwn(members, name)) {
    at = nameAt;
    throw refuse(EXPECTED.once);
  }
  Object.defineProperty(members, name, { value, writable: true, enumerable: true, configurable: true });
}

function readArray(): JsonValue[] {
  if (--room < 0) throw refuse(EXPECTED.shallow);
  at++;
  const items: JsonValue[] = [];
  skipBlanks();
  if (text.charCodeAt(at) === 0x5d) {
    at++;
    room++;
    return items;
  }
  for (;;) {
    items.push(readValue());
    skipBlanks();
    const c = text.charCodeAt(at);
    if (c === 0x2c) {
      at++;
      skipBlanks();
    } else if (c === 0x5d) {
      at++;
      room++;
      return items;
    } else throw refuse(EXPECTED.listGoesOn);
  }
}

// Names repeat endlessly in FHIR. A small table turns each back into the one string that JavaScript
// already knows as a property name, which saves allocating and looking it up. It is a cache only:
// a hostile document can empty it but not fool it.
const NAMES: string[] = Array.from({ length: 2048 }, () => "");
const LONGEST_CACHED_NAME = 64;

function readName(): string {
  const start = at;
  let hash = 0;
  let c = text.charCodeAt(at);
  while (c > QUOTE && c < 0x80 && c !== BACKSLASH) {
    hash = (Math.imul(hash, 31) + c) | 0;
    c = text.charCodeAt(++at);
  }
  if (c !== QUOTE || at - start > LONGEST_CACHED_NAME) {
    at = start;
    return readString();
  }
  const length = at - start;
  at++;
  const slot = (hash ^ (hash >>> 11)) & 2047;
  const known = NAMES[slot]!;
  if (known.length === length && text.startsWith(known, start)) return known;
  const name = asPropertyName(text.slice(start, start + length));
  NAMES[slot] = name;
  return name;
}

/** The engine's own copy of a name: it does not keep the document it was cut from in memory. */
function asPropertyName(name: string): string {
  return Object.keys({ [name]: 0 })[0] ?? name;
}

/** Reads from just after the opening quote to just after the closing one. */
function readString(): string {
  const start = at;
  let i = start;
  for (;;) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) break;
    if (c === BACKSLASH || c >= 0xd800 || !(c >= 0x20)) return readUnusualString(start, i);
    i++;
  }
  at = i + 1;
  return text.slice(start, i);
}

/** A string with an escape or a character that must be looked at; `unusual` is the first such place. */
function readUnusualString(start: number, unusual: number): string {
  let i = unusual;
  let read = "";
  let from = start;
  for (;;) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) break;
    if (c === BACKSLASH) {
      read += text.slice(from, i);
      at = i;
      read += readEscape();
      i = from = at;
    } else if (c >= 0xd800 && c <= 0xdfff) {
      i += pairAt(i);
    } else if (c >= 0x20) {
      i++;
    } else {
      at = i;
      throw refuse(i < text.length ? EXPECTED.escaped : EXPECTED.quote);
    }
  }
  at = i + 1;
  return read + text.slice(from, i);
}

function pairAt(i: number): 2 {
  if (isHigh(text.charCodeAt(i)) && isLow(text.charCodeAt(i + 1))) return 2;
  at = i;
  throw refuse(EXPECTED.whole);
}

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

const SHORT_ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

function readEscape(): string {
  const letter = text.charAt(at + 1);
  if (letter === "u") return readUnicodeEscape();
  const short = SHORT_ESCAPES[letter];
  if (short === undefined || letter === "") throw refuse(EXPECTED.escape);
  at += 2;
  return short;
}

function readUnicodeEscape(): string {
  const unit = hexAt(at);
  if (unit === 0) throw refuse(EXPECTED.noNul);
  if (isLow(unit)) throw refuse(EXPECTED.whole);
  if (!isHigh(unit)) {
    at += 6;
    return String.fromCharCode(unit);
  }
  const low = text.startsWith("\\u", at + 6) ? hexAt(at + 6) : 0;
  if (!isLow(low)) throw refuse(EXPECTED.whole);
  at += 12;
  return String.fromCharCode(unit, low);
}

function hexAt(escape: number): number {
  const digits = text.slice(escape + 2, escape + 6);
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw refuse(EXPECTED.digits);
  return Number.parseInt(digits, 16);
}

/** Whole numbers of up to 15 digits are the common case and exact by construction. */
function readNumber(): number | ExactNumber {
  const start = at;
  let i = start;
  let sum = 0;
  let c = text.charCodeAt(i);
  while (c >= 0x30 && c <= 0x39) {
    sum = sum * 10 + (c - 0x30);
    c = text.charCodeAt(++i);
  }
  const digits = i - start;
  const isWhole = c !== 0x2e && c !== 0x65 && c !== 0x45;
  if (isWhole && digits > 0 && digits <= 15 && (digits === 1 || text.charCodeAt(start) !== 0x30)) {
    at = i;
    return sum;
  }
  return readUnusualNumber();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

function readUnusualNumber(): number | ExactNumber {
  NUMBER.lastIndex = at;
  if (!NUMBER.test(text)) throw refuse(EXPECTED.value);
  const lexeme = text.slice(at, NUMBER.lastIndex);
  at = NUMBER.lastIndex;
  const nearest = Number(lexeme);
  return String(nearest) === lexeme ? nearest : new ExactNumber(lexeme);
}

/** Says where and what was expected, never what stood there: that may be somebody's journal. */
function refuse(expected: Phrase): FhirError {
  const before = text.slice(0, at);
  const line = before.split("\n").length;
  const column = at - before.lastIndexOf("\n");
  return fhirError("BODY_NOT_JSON", line, column, expected);
}
