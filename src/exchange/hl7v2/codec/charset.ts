/**
 * Character sets of HL7 v2 messages: from MSH-18, or from configuration when it is empty. A byte that is no character of the
 * set is an error that names its field; nothing is ever replaced by a question mark.
 *
 * SPEC EXCH-HL7-CHARSET · HL7 table 0211
 */
import { isUtf8 } from "node:buffer";
import { Hl7Error } from "./syntax.ts";

export type Charset = "ascii" | "iso-8859-1" | "iso-8859-15" | "windows-1252" | "utf-8";

/** What senders write in MSH-18, without blanks, signs and case. */
const NAMES: ReadonlyMap<string, Charset> = new Map<string, Charset>([
  ["ascii", "ascii"],
  ["usascii", "ascii"],
  ["88591", "iso-8859-1"],
  ["iso88591", "iso-8859-1"],
  ["latin1", "iso-8859-1"],
  ["885915", "iso-8859-15"],
  ["iso885915", "iso-8859-15"],
  ["utf8", "utf-8"],
  ["unicodeutf8", "utf-8"],
  ["unicode", "utf-8"],
  ["windows1252", "windows-1252"],
  ["cp1252", "windows-1252"],
]);

const WRITTEN: Readonly<Record<Charset, string>> = {
  ascii: "ASCII",
  "iso-8859-1": "8859/1",
  "iso-8859-15": "8859/15",
  "windows-1252": "WINDOWS-1252",
  "utf-8": "UNICODE UTF-8",
};

/** The character set that a text of MSH-18 or of a configuration names; nothing when it is not known here. */
export function charsetNamed(text: string): Charset | undefined {
  return NAMES.get(text.toLowerCase().replace(/[^a-z0-9]/g, ""));
}

/** How MSH-18 names it. */
export function charsetName(charset: Charset): string {
  return WRITTEN[charset];
}

const LATIN1 = Array.from({ length: 96 }, (_, at) => String.fromCharCode(0xa0 + at));
const UNUSED = Array.from({ length: 32 }, () => ""); // C1: who sends these bytes means windows-1252 and has to say so
const WINDOWS = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
const LATIN9: ReadonlyMap<string, string> = new Map(
  "¤€¦Š¨š´Ž¸ž¼Œ½œ¾Ÿ".split("").flatMap((one, at, all) => (at % 2 ? [] : [[one, all[at + 1] ?? ""]])),
);

/** The characters of the bytes from 0x80; "" where there is none. Written out: Node.js takes windows-1252 for ISO 8859-1 in some versions. */
const UPPER = {
  "iso-8859-1": [...UNUSED, ...LATIN1],
  "iso-8859-15": [...UNUSED, ...LATIN1.map((one) => LATIN9.get(one) ?? one)],
  "windows-1252": [...WINDOWS.split("").map((one) => one.trim()), ...LATIN1],
} as const;

type OneByte = keyof typeof UPPER;

const LOWER: Readonly<Record<OneByte, ReadonlyMap<string, number>>> = {
  "iso-8859-1": byteOf("iso-8859-1"),
  "iso-8859-15": byteOf("iso-8859-15"),
  "windows-1252": byteOf("windows-1252"),
};

function byteOf(charset: OneByte): ReadonlyMap<string, number> {
  return new Map(UPPER[charset].flatMap((character, at) => (character === "" ? [] : [[character, 128 + at] as const])));
}

/** The text of bytes; nothing when they are not all characters of the set. */
export function decodeBytes(bytes: Uint8Array, charset: Charset): string | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (charset === "utf-8") return isUtf8(buffer) ? buffer.toString("utf8") : undefined;
  const text = buffer.toString("latin1");
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  if (charset === "ascii") return undefined;
  if (charset === "iso-8859-1") return /[\x80-\x9f]/.test(text) ? undefined : text;
  let isSound = true;
  const decoded = text.replace(/[\x80-\xff]/g, (character) => {
    const meant = UPPER[charset][character.charCodeAt(0) - 128] ?? "";
    if (meant === "") isSound = false;
    return meant;
  });
  return isSound ? decoded : undefined;
}

/** The bytes of a text; nothing when the set lacks a character of it (or it has half a surrogate pair). */
export function encodeText(text: string, charset: Charset): Buffer | undefined {
  if (charset === "utf-8") return /\p{Surrogate}/u.test(text) ? undefined : Buffer.from(text, "utf8");
  if (/^[\x00-\x7f]*$/.test(text)) return Buffer.from(text, "latin1");
  if (charset === "ascii") return undefined;
  if (charset === "iso-8859-1") return /[^\x00-\x7f\xa0-\xff]/.test(text) ? undefined : Buffer.from(text, "latin1");
  const bytes = Buffer.alloc(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const byte = code < 128 ? code : LOWER[charset].get(text.charAt(at));
    if (byte === undefined) return undefined;
    bytes[at] = byte;
  }
  return bytes;
}

const CR = 13;
const LF = 10;

/** The place (`OBX[2]-5`) of the first field that cannot be decoded. */
function undecodablePlace(bytes: Uint8Array, charset: Charset, separator: string): string {
  const seen = new Map<string, number>();
  let from = 0;
  for (let at = 0; at <= bytes.length; at += 1) {
    if (at < bytes.length && bytes[at] !== CR && bytes[at] !== LF) continue;
    const line = bytes.subarray(from, at);
    from = at + 1;
    if (line.length === 0) continue;
    const name = Buffer.from(line.subarray(0, 3)).toString("latin1");
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    if (decodeBytes(line, charset) !== undefined) continue;
    const printed = /^[A-Z][A-Z0-9]{2}$/.test(name)
      ? `${name}[${times}]`
      : `line ${[...seen.values()].reduce((a, b) => a + b)}`;
    return `${name === "MSH" ? name : printed}-${undecodableField(line, charset, separator) + (name === "MSH" ? 1 : 0)}`;
  }
  return "MSH";
}

function undecodableField(line: Uint8Array, charset: Charset, separator: string): number {
  let field = 0;
  let from = 0;
  for (let at = 0; at <= line.length; at += 1) {
    if (at < line.length && line[at] !== separator.charCodeAt(0)) continue;
    if (decodeBytes(line.subarray(from, at), charset) === undefined) return field;
    from = at + 1;
    field += 1;
  }
  return field;
}

/** The text of a whole message. Errors: Hl7Error that names the first field with a byte that is no character of the set. */
export function decodeMessage(bytes: Uint8Array, charset: Charset, separator: string): string {
  const text = decodeBytes(bytes, charset);
  if (text !== undefined) return text;
  throw new Hl7Error(
    "charset",
    undecodablePlace(bytes, charset, separator),
    `a byte is no character of ${charsetName(charset)}`,
  );
}
