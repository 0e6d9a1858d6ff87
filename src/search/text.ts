/**
 * Text as it is searched: without accents, case and superfluous space, in pieces that fit an index. And the quoting that
 * makes a tsvector or tsquery of it.
 *
 * SPEC SEARCH-TEXT · https://hl7.org/fhir/R4/search.html#string
 */

/** The longest text that may be asked for. Any part of a value this long lies whole within one piece. */
export const LONGEST_ASKED = 200;
/** How long one piece is. */
export const PIECE = 2 * LONGEST_ASKED;
/** Beyond this, text is not searchable: tsvector holds at most one megabyte for a whole resource. */
const LONGEST_STORED = 100_000;

/** Lower case, without accents and other marks, white space as single spaces. Å and ä become a, as R4 asks. */
export function normalized(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "")
    .replace(SPACE, " ")
    .trim();
}

const PLAIN = /^[!-~]+(?: [!-~]+)*$/;
/** No control character may reach PostgreSQL's tsvector. */
const SPACE = /[\s\u0000-\u001f]+/gu;

/**
 * The lexemes of a value: the beginning under the parameter's name, which prefixes are looked for in, and for a long
 * value overlapping further pieces under `name~`, which only parts are looked for in.
 */
export function lexemesOf(parameter: string, value: string): string[] {
  const text = normalized(value).slice(0, LONGEST_STORED);
  if (text === "") return [];
  const lexemes = [lexeme(parameter, text.slice(0, PIECE))];
  for (let at = LONGEST_ASKED; at + LONGEST_ASKED < text.length; at += LONGEST_ASKED) {
    lexemes.push(lexeme(`${parameter}~`, text.slice(at, at + PIECE)));
  }
  return lexemes;
}

const MOST_COMMON = 10_000;
const LONGEST_COMMON = 100;
const common = new Map<string, readonly string[]>();

/** The same for texts that come again and again, such as what codes are called: worked out once, within a bound. */
export function commonLexemes(parameter: string, value: string): readonly string[] {
  if (value.length > LONGEST_COMMON) return lexemesOf(parameter, value);
  const name = `${parameter} ${value}`;
  let lexemes = common.get(name);
  if (lexemes === undefined) {
    lexemes = lexemesOf(parameter, value);
    if (common.size >= MOST_COMMON) common.clear();
    common.set(name, lexemes);
  }
  return lexemes;
}

/** A lexeme's text: the parameter's name, a colon, the piece. A cut through a character loses that character. */
export function lexeme(parameter: string, piece: string): string {
  return `${parameter}:${piece.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, "")}`;
}

const QUOTING = /['\\]/;

/** One lexeme quoted for tsvector and tsquery input. */
export function quoted(text: string): string {
  return QUOTING.test(text) ? `'${text.replace(/['\\]/g, "$&$&")}'` : `'${text}'`;
}

/** The name under which the text that goes with a token is kept (`code:text=`). */
export function displayName(parameter: string): string {
  return `${parameter}#`;
}
