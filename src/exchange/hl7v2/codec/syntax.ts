/**
 * What every part of the HL7 v2 codec shares: a message's own delimiters, the limits, and the error that names its place.
 *
 * SPEC EXCH-HL7-PARSE · HL7 v2.5.1 chapter 2.5 (message delimiters)
 */

/** The characters that a message says it is written with. What MSH-2 does not name is not there: then nothing is parted by it. */
export type Delimiters = {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  readonly truncation: string;
};

export const USUAL_DELIMITERS: Delimiters = {
  field: "|",
  component: "^",
  repetition: "~",
  escape: "\\",
  subcomponent: "&",
  truncation: "",
};

export type Hl7Limits = {
  readonly bytes: number;
  readonly segments: number;
  /** In one segment. */
  readonly fields: number;
};

export const USUAL_LIMITS: Hl7Limits = { bytes: 16 * 1024 * 1024, segments: 20_000, fields: 1000 };

export type Hl7Fault =
  | "not-hl7" // does not begin with MSH, or is a batch
  | "delimiters"
  | "segment" // a line that is no segment
  | "charset" // bytes that are no characters of the character set, or a character set that is not known
  | "limit"
  | "several" // one value was asked for and there are several
  | "unwritable"; // cannot be written with these delimiters or in this character set

/** Something is wrong with a message. `place` is segment and field (`OBX[3]-5`), or the segment, or the message; no content is quoted. */
export class Hl7Error extends Error {
  override readonly name = "Hl7Error";
  readonly fault: Hl7Fault;
  readonly place: string;
  readonly why: string;

  constructor(fault: Hl7Fault, place: string, why: string) {
    super(`${place}: ${why}`);
    this.fault = fault;
    this.place = place;
    this.why = why;
  }
}

/** The delimiters as MSH-2 writes them. */
export function encodingCharacters({ component, repetition, escape, subcomponent, truncation }: Delimiters): string {
  return component + repetition + escape + subcomponent + truncation;
}

const DELIMITER = /^[!#-\-/:-@[-`{-~]$/; // printable ASCII; no letter or digit, nor what null and escapes are written with

/** The delimiters of a message that begins with `header` (its first segment). Errors: Hl7Error. */
export function delimitersOf(header: string): Delimiters {
  if (/^(FHS|BHS)/.test(header)) throw new Hl7Error("not-hl7", "MSH", "a batch was sent where one message is expected");
  if (!header.startsWith("MSH")) throw new Hl7Error("not-hl7", "MSH", "the message does not begin with MSH");
  const field = header.charAt(3);
  const end = header.indexOf(field, 4);
  const encoding = header.slice(4, end < 0 ? undefined : end).split("");
  const all = [field, ...encoding];
  if (encoding.length === 0 || encoding.length > 5)
    throw new Hl7Error("delimiters", "MSH-2", "between one and five encoding characters are expected");
  if (!all.every((one) => DELIMITER.test(one)))
    throw new Hl7Error(
      "delimiters",
      "MSH-2",
      "a delimiter is a letter, a digit, a quotation mark, a full stop or not printable ASCII",
    );
  if (new Set(all).size < all.length) throw new Hl7Error("delimiters", "MSH-2", "two delimiters are the same");
  const [component = "", repetition = "", escape = "", subcomponent = "", truncation = ""] = encoding;
  return { field, component, repetition, escape, subcomponent, truncation };
}
