/**
 * A text as tokens, each with its place and what a change of it would touch. Numbers keep their decimals (0,5), ranges (3-5), levels
 * (C5/C6, T4) and dates whole; signs and comparators stand alone, so that one that goes is seen.
 *
 * SPEC BASE-WORDS-3, BASE-WORDS-4
 */
import { DENYING_ENDS, DOUBTS, NEGATIONS, SIDES, SIDE_STEMS, UNITS, UNITS_AFTER_NUMBERS } from "./vocabulary.ts";

/**
 * What a change of the token touches: `negation` (also what doubts), `side`, `number` (also units, signs, comparators), any other `word`,
 * `mark` (punctuation) or `blank`.
 */
export type TokenClass = "negation" | "side" | "number" | "word" | "mark" | "blank";

export type Token = {
  readonly text: string;
  /** Offset of its first UTF-16 unit. */
  readonly start: number;
  readonly touches: TokenClass;
};

const LEVEL = String.raw`(?<![\p{L}\p{N}])[CTLS]\d{1,2}(?:[/–-][CTLS]?\d{1,2})*(?![\p{L}\p{N}])`;
const NUMBER = String.raw`\p{N}+(?:[.,:/x×–-]\p{N}+)*`;
const SHORTENED = String.raw`(?:[uU]\.\s?[aA]\.?|[nN]/[aA])(?![\p{L}\p{N}])`;
const WORD = String.raw`[\p{L}\p{M}][\p{L}\p{M}\p{N}]*(?:['’][\p{L}\p{M}]+)?`;
const TOKEN = new RegExp(`(\\s+)|(${LEVEL}|${NUMBER})|(${SHORTENED}|${WORD})|([^])`, "gu");

/** Signs that belong to numbers, wherever they stand. */
const SIGNS = /^[<>≤≥=≈~±+\-−–/%‰°^*×]$/u;
/** Marks that say whether something is so: UVI? */
const DOUBTING_MARKS = /^[?¿]$/u;

/** The tokens of a text in order; together they are the text. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let previous: Token | undefined;
  for (const match of text.matchAll(TOKEN)) {
    const [found, blank, number, word] = match;
    const touches =
      blank !== undefined
        ? "blank"
        : number !== undefined
          ? "number"
          : word
            ? wordTouches(word, previous)
            : markTouches(found);
    const token: Token = { text: found, start: match.index, touches };
    tokens.push(token);
    if (touches !== "blank") previous = token;
  }
  return tokens;
}

function wordTouches(word: string, previous: Token | undefined): TokenClass {
  const plain = word.normalize("NFC").toLowerCase().replaceAll("’", "'").replaceAll(/\s/g, "");
  if (NEGATIONS.has(plain) || DOUBTS.has(plain) || DENYING_ENDS.test(plain)) return "negation";
  if (SIDES.has(plain) || SIDE_STEMS.some((stem) => plain.startsWith(stem))) return "side";
  if (UNITS.has(plain)) return "number";
  return UNITS_AFTER_NUMBERS.has(plain) && isNumeric(previous) ? "number" : "word";
}

function isNumeric(token: Token | undefined): boolean {
  return token !== undefined && token.touches === "number";
}

function markTouches(mark: string): TokenClass {
  if (SIGNS.test(mark)) return "number";
  if (DOUBTING_MARKS.test(mark)) return "negation";
  return /\p{P}/u.test(mark) ? "mark" : "word"; // an arrow or an emoji says something
}
