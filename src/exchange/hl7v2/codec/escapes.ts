/**
 * Escape sequences: text as people read it, to and from text as a message carries it. Every text that is escaped comes back
 * as it was. Sequences that are not understood are kept as they stand.
 *
 * SPEC EXCH-HL7-ESCAPE · HL7 v2.5.1 chapter 2.7
 */
import { decodeBytes, encodeText, type Charset } from "./charset.ts";
import { Hl7Error, type Delimiters } from "./syntax.ts";

/** How a message is written. */
export type Syntax = { readonly delimiters: Delimiters; readonly charset: Charset };

/** HL7's null: "delete what you have", against empty: "nothing is said". */
export const NULL = '""';

const HEX = /^X((?:[0-9A-Fa-f]{2})+)$/;

/** What a sequence (without its escape characters) stands for; nothing when it is not understood. */
function meaning(sequence: string, { delimiters, charset }: Syntax): string | undefined {
  switch (sequence) {
    case "F":
      return delimiters.field;
    case "S":
      return delimiters.component || undefined;
    case "T":
      return delimiters.subcomponent || undefined;
    case "R":
      return delimiters.repetition || undefined;
    case "E":
      return delimiters.escape;
    case "P":
      return delimiters.truncation || undefined;
    case ".br":
      return "\n";
    default: {
      const hex = HEX.exec(sequence)?.[1];
      return hex === undefined ? undefined : decodeBytes(Buffer.from(hex, "hex"), charset);
    }
  }
}

/** Sequences that HL7 knows and that are no text: highlighting, formatting, other character sets, local ones. */
const KEPT = /^(H|N|\.[a-z]{2}[+-]?\d*|[CMXZ][0-9A-Za-z]*)$/;

/** The text of what stands in a message. */
export function unescapeText(raw: string, syntax: Syntax): string {
  const { escape } = syntax.delimiters;
  if (escape === "" || !raw.includes(escape)) return raw;
  let text = "";
  let at = 0;
  for (;;) {
    const start = raw.indexOf(escape, at);
    const end = start < 0 ? -1 : raw.indexOf(escape, start + 1);
    if (end < 0) return text + raw.slice(at); // a lonely escape character is kept
    const sequence = raw.slice(start + 1, end);
    const known = meaning(sequence, syntax);
    const isSequence = known !== undefined || KEPT.test(sequence);
    text += raw.slice(at, start) + (known ?? raw.slice(start, isSequence ? end + 1 : end));
    at = isSequence ? end + 1 : end; // after what is no sequence the same character may begin one
  }
}

/** How a message carries a text. Errors: Hl7Error when the delimiters have no escape character and the text needs one. */
export function escapeText(text: string, syntax: Syntax): string {
  if (text === NULL) return `${hexOf('"', syntax)}"`; // two quotation marks are a text here, not HL7's null
  const { delimiters } = syntax;
  const special = specialOf(delimiters);
  return text.replace(/[^0-9A-Za-z \u00a0-\uffff]/g, (character) => {
    const letter = special.get(character);
    if (letter === undefined && !/[\x00-\x08\x0a-\x1f\x7f]/.test(character)) return character;
    if (delimiters.escape === "")
      throw new Hl7Error("unwritable", "MSH-2", "the text needs an escape character and the message has none");
    return letter === undefined ? hexOf(character, syntax) : delimiters.escape + letter + delimiters.escape;
  });
}

function hexOf(character: string, { delimiters, charset }: Syntax): string {
  if (delimiters.escape === "")
    throw new Hl7Error("unwritable", "MSH-2", "the text needs an escape character and the message has none");
  const bytes = encodeText(character, charset) ?? Buffer.from(character, "utf8");
  return `${delimiters.escape}X${bytes.toString("hex").toUpperCase()}${delimiters.escape}`;
}

const KNOWN = new WeakMap<Delimiters, ReadonlyMap<string, string>>();

/** The letter that stands for each character that must not stand by itself. */
function specialOf(delimiters: Delimiters): ReadonlyMap<string, string> {
  const known = KNOWN.get(delimiters);
  if (known !== undefined) return known;
  const { field, component, repetition, escape, subcomponent, truncation } = delimiters;
  const pairs: readonly (readonly [string, string])[] = [
    [field, "F"],
    [component, "S"],
    [subcomponent, "T"],
    [repetition, "R"],
    [escape, "E"],
    [truncation, "P"],
    ["\n", ".br"],
  ];
  const special = new Map(pairs.filter(([character]) => character !== ""));
  KNOWN.set(delimiters, special);
  return special;
}
