/**
 * The ways people write identity numbers: twelve or ten characters, with or without sign, with blanks, in lower case, with the dashes
 * and blanks that word processors and web pages put in. SPEC BASE-FORM
 */

/** What was written, without decoration: with all twelve characters, or with ten digits whose century is left to the reader. */
export interface WrittenForm {
  readonly text: string;
  readonly sign: "+" | "-" | "";
}

/** Longer texts are not numbers; refusing them early keeps pasted pages cheap. */
const LONGEST = 40;
const DASHES = /[\u2010-\u2015\u2212\uFE58\uFE63\uFF0D]/g;
const BLANKS = /[\s\u00AD\u200B-\u200D\u2060]/g;
const STORED = /^\d{12}$/;
const TWELVE = /^(\d{8})([-+]?)([0-9A-Z]{4})$/;
const TEN = /^(\d{6})([-+]?)(\d{4})$/;

/** Strips a text down to its number; undefined if it cannot be one. */
export function readWrittenForm(text: string): WrittenForm | undefined {
  if (STORED.test(text)) return { text, sign: "" };
  if (text.length > LONGEST) return undefined;
  const bare = text.replace(BLANKS, "").replace(DASHES, "-").toUpperCase();
  const [, date, sign, rest] = TWELVE.exec(bare) ?? TEN.exec(bare) ?? [];
  if (date === undefined || rest === undefined) return undefined;
  return { text: date + rest, sign: sign as WrittenForm["sign"] };
}
