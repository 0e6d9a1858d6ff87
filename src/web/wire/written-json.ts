/**
 * Reads JSON answers and keeps every number as it was written: a potassium of 4.0 must not become 4 on the screen.
 * Numbers stay plain JS numbers for graphs; the written text is kept beside them on their parent under a symbol.
 *
 * SPEC WEB-NUM · RFC 8259 · https://hl7.org/fhir/R4/datatypes.html#decimal (precision is significant)
 */
export const WRITTEN: unique symbol = Symbol("written");

type Written = Record<string, string>;
type Parent = Record<string, unknown> | unknown[];

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;
const PLAIN_STRING = /"[^"\\\u0000-\u001f]*"/y;
const ANY_STRING = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;
const DEEPEST = 200;

/** Parses JSON text; throws SyntaxError on anything that is not JSON. */
export function readWritten(text: string): unknown {
  const reader: Reader = { text, at: 0, depth: 0 };
  const value = readValue(reader, undefined, "");
  skip(reader);
  if (reader.at !== text.length) throw broken(reader);
  return value;
}

/** The number under `key` as the sender wrote it ("6.0"), or as JS writes it when that is the same; undefined when there is no number. */
export function asWritten(parent: object, key: string): string | undefined {
  const written = (parent as { [WRITTEN]?: Written })[WRITTEN];
  if (written && Object.hasOwn(written, key)) return written[key];
  const value = (parent as Record<string, unknown>)[key];
  return typeof value === "number" ? String(value) : undefined;
}

/** The text of what was read, its numbers as they were written; copies with spread keep them too. */
export function writeWritten(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((_, at) => member(value, String(at))).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).filter((key) => (value as Record<string, unknown>)[key] !== undefined);
  return `{${keys.map((key) => `${JSON.stringify(key)}:${member(value, key)}`).join()}}`;
}

function member(parent: object, key: string): string {
  return asWritten(parent, key) ?? writeWritten((parent as Record<string, unknown>)[key]);
}

type Reader = { readonly text: string; at: number; depth: number };

function readValue(reader: Reader, parent: Parent | undefined, key: string): unknown {
  skip(reader);
  switch (reader.text.charCodeAt(reader.at)) {
    case 0x7b:
      return nested(reader, readObject);
    case 0x5b:
      return nested(reader, readArray);
    case 0x22:
      return readString(reader);
    case 0x74:
      return word(reader, "true", true);
    case 0x66:
      return word(reader, "false", false);
    case 0x6e:
      return word(reader, "null", null);
    default:
      return readNumber(reader, parent, key);
  }
}

function nested<T>(reader: Reader, read: (reader: Reader) => T): T {
  if (++reader.depth > DEEPEST) throw broken(reader);
  reader.at++;
  const value = read(reader);
  reader.depth--;
  return value;
}

function readObject(reader: Reader): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  if (closes(reader, "}")) return object;
  do {
    skip(reader);
    const key = readString(reader);
    expect(reader, ":");
    const value = readValue(reader, object, key);
    // defineProperty, so that a key named __proto__ is data and never a prototype.
    if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true });
    else object[key] = value;
  } while (continues(reader, "}"));
  return object;
}

function readArray(reader: Reader): unknown[] {
  const array: unknown[] = [];
  if (closes(reader, "]")) return array;
  do array.push(readValue(reader, array, String(array.length)));
  while (continues(reader, "]"));
  return array;
}

function readString(reader: Reader): string {
  const plain = match(reader, PLAIN_STRING);
  if (plain !== undefined) return plain.slice(1, -1);
  const escaped = match(reader, ANY_STRING);
  if (escaped === undefined) throw broken(reader);
  return JSON.parse(escaped) as string;
}

function readNumber(reader: Reader, parent: Parent | undefined, key: string): number {
  const lexeme = match(reader, NUMBER);
  if (lexeme === undefined) throw broken(reader);
  const value = Number(lexeme);
  if (parent && String(value) !== lexeme) keepWritten(parent, key, lexeme);
  return value;
}

function keepWritten(parent: Parent, key: string, lexeme: string): void {
  const holder = parent as { [WRITTEN]?: Written };
  (holder[WRITTEN] ??= Object.create(null) as Written)[key] = lexeme;
}

function match(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text)?.[0];
  if (found !== undefined) reader.at += found.length;
  return found;
}

function skip(reader: Reader): void {
  const code = reader.text.charCodeAt(reader.at);
  if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) match(reader, SPACE);
}

function word<T>(reader: Reader, literal: string, value: T): T {
  if (!reader.text.startsWith(literal, reader.at)) throw broken(reader);
  reader.at += literal.length;
  return value;
}

function expect(reader: Reader, mark: string): void {
  skip(reader);
  if (reader.text[reader.at] !== mark) throw broken(reader);
  reader.at++;
}

function closes(reader: Reader, mark: string): boolean {
  skip(reader);
  if (reader.text[reader.at] !== mark) return false;
  reader.at++;
  return true;
}

function continues(reader: Reader, end: string): boolean {
  if (closes(reader, end)) return false;
  expect(reader, ",");
  return true;
}

function broken(reader: Reader): SyntaxError {
  return new SyntaxError(`Not JSON at character ${reader.at}`);
}
