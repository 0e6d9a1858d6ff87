/**
 * Writes a JSON value as compact text, numbers as they were written, at the speed of JSON.stringify:
 * an exact number goes through it as a marked string, and the marks are taken away afterwards.
 *
 * SPEC FHIR-JSON · https://www.rfc-editor.org/rfc/rfc8259
 */
import type { JsonValue } from "./json-value.ts";

// The mark is a lone surrogate, which no document can contain (the parser refuses it) and which
// JSON.stringify always writes as an escape. A quote in a text is itself escaped, so the marked form
// cannot be imitated from within one.
const MARK = "\ud800";
const MARKED = /"\\ud800(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)"/g;

let isWriting = false;
let marked = 0;

/** A number kept exactly as it was written, because `String(Number(text))` is not `text`. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  /** Refuses outside writeJson: JSON.stringify alone would have to drop digits. */
  toJSON(): string {
    if (!isWriting) throw new TypeError("JSON with exact numbers is written by writeJson, not by JSON.stringify");
    marked++;
    return MARK + this.text;
  }
}

/**
 * The text of a value, compact unless it shall be pretty. Members that are undefined are left out, as JSON.stringify does.
 * @throws TypeError when an exact number is no number, or a text made by our own code holds half a character
 */
export function writeJson(value: JsonValue, isPretty = false): string {
  isWriting = true;
  marked = 0;
  try {
    const text = isPretty ? JSON.stringify(value, undefined, 2) : JSON.stringify(value);
    return marked === 0 ? text : unmark(text, marked);
  } finally {
    isWriting = false;
  }
}

function unmark(text: string, expected: number): string {
  let found = 0;
  const unmarked = text.replace(MARKED, (_, lexeme: string) => {
    found++;
    return lexeme;
  });
  if (found !== expected) throw new TypeError("an exact number is malformed, or a text holds a lone surrogate");
  return unmarked;
}
