/**
 * Reads a message from bytes. What ends a segment is what ends MSH: CR as the standard says, or CR LF, or LF alone. Nothing is
 * guessed: a line that is no segment, and line ends that are mixed, are errors, because words would be lost.
 *
 * SPEC EXCH-HL7-PARSE · HL7 v2.5.1 chapter 2
 */
import { charsetNamed, decodeMessage, type Charset } from "./charset.ts";
import { NULL, unescapeText } from "./escapes.ts";
import { Hl7Message } from "./message.ts";
import { delimitersOf, Hl7Error, USUAL_LIMITS, type Delimiters, type Hl7Limits } from "./syntax.ts";

export type ParseOptions = {
  /** When MSH-18 is empty; UTF-8 unless told. */
  readonly charset?: Charset;
  readonly limits?: Hl7Limits;
};

/** Errors: Hl7Error with the place; nothing else, whatever the bytes. */
export function parseMessage(
  bytes: Uint8Array,
  { charset = "utf-8", limits = USUAL_LIMITS }: ParseOptions = {},
): Hl7Message {
  if (bytes.length > limits.bytes)
    throw new Hl7Error("limit", "MSH", `the message is larger than ${limits.bytes} bytes`);
  const start = startOf(bytes);
  const header = headerOf(bytes.subarray(start));
  const delimiters = delimitersOf(header);
  const told = charsetOf(header.split(delimiters.field)[17] ?? "", delimiters) ?? charset;
  const text = decodeMessage(bytes.subarray(start), told, delimiters.field);
  return new Hl7Message({ delimiters, charset: told }, segmentsOf(text, delimiters, limits));
}

/** Behind a mark of byte order and line ends, if somebody put them there. */
function startOf(bytes: Uint8Array): number {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  while (bytes[at] === 13 || bytes[at] === 10) at += 1;
  return at;
}

/** The first segment, byte by byte: all that it decides by is ASCII. */
function headerOf(bytes: Uint8Array): string {
  const end = bytes.findIndex((byte) => byte === 13 || byte === 10);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("latin1");
}

/** The character set of MSH-18. Of several the first is the one that is written in without escapes. */
function charsetOf(raw: string, delimiters: Delimiters): Charset | undefined {
  const [first = ""] = delimiters.repetition === "" ? [raw] : raw.split(delimiters.repetition);
  if (first === "" || first === NULL) return undefined;
  const known = charsetNamed(unescapeText(first, { delimiters, charset: "ascii" }));
  if (known === undefined) throw new Hl7Error("charset", "MSH-18", "the character set is not known");
  return known;
}

function linesOf(text: string, { field }: Delimiters): string[] {
  if (!text.includes("\r")) return text.split("\n");
  const lines = text.split(/\r\n|\r/);
  const swallowed = lines.findIndex((line) =>
    line
      .split("\n")
      .slice(1)
      .some((rest) => looksLikeSegment(rest, field)),
  );
  if (swallowed >= 0)
    throw new Hl7Error("segment", `line ${swallowed + 1}`, "segments end with CR and with LF in the same message");
  return lines;
}

function looksLikeSegment(text: string, field: string): boolean {
  return /^[A-Z][A-Z0-9]{2}/.test(text) && text.charAt(3) === field;
}

function segmentsOf(text: string, delimiters: Delimiters, limits: Hl7Limits): string[][] {
  const lines = linesOf(text, delimiters).filter((line) => line !== "" && line !== "\n");
  if (lines.length > limits.segments)
    throw new Hl7Error("limit", "MSH", `there are more than ${limits.segments} segments`);
  return lines.map((line, at) => fieldsOf(line, at, { delimiters, limits }));
}

type Rules = { readonly delimiters: Delimiters; readonly limits: Hl7Limits };

function fieldsOf(line: string, at: number, { delimiters, limits }: Rules): string[] {
  const name = line.slice(0, 3);
  if (!/^[A-Z][A-Z0-9]{2}$/.test(name) || (line.length > 3 && line.charAt(3) !== delimiters.field))
    throw new Hl7Error(
      "segment",
      `line ${at + 1}`,
      "the line is no segment; a text may have an end of line that was not escaped",
    );
  const isHeader = name === "MSH";
  if (isHeader && at > 0) throw new Hl7Error("segment", `line ${at + 1}`, "there are two messages in one");
  const fields = line.split(delimiters.field, limits.fields + 2);
  if (fields.length > limits.fields + 1)
    throw new Hl7Error("limit", name, `there are more than ${limits.fields} fields`);
  if (isHeader) fields.splice(1, 0, delimiters.field);
  return fields;
}
