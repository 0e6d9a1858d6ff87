/**
 * Words as people type them into a picker: each typed word is the beginning of a word in the text. Å, ä and ö are letters
 * of their own in Swedish and stay; other marks fall away, so that é finds e.
 *
 * SPEC TERM-WORDS
 */
export type TextQuery = readonly (readonly string[])[];

const WORD = /[\p{L}\p{N}]+/gu;
const MARKS = /(?![\u0308\u030a])\p{M}/gu;
const LONGEST_WORD = 60;
const MOST_WORDS = 300;
const MOST_TYPED = 12;

/** Lower case, å ä ö kept, all other marks gone. */
export function folded(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/([^ao])[\u0308\u030a]/gu, "$1")
    .replace(/o\u030a/gu, "o")
    .replace(MARKS, "")
    .normalize("NFC");
}

/** The words that a concept is found by: of its texts, and its code both whole and in parts. */
export function wordsOf(code: string, texts: readonly string[]): string[] {
  const found = new Set<string>([folded(code).slice(0, LONGEST_WORD)]);
  for (const text of [code, ...texts]) {
    for (const word of folded(text).match(WORD) ?? []) {
      found.add(word.slice(0, LONGEST_WORD));
      if (found.size === MOST_WORDS) return [...found];
    }
  }
  return [...found];
}

/**
 * What was typed, as chunks between spaces. Of a chunk such as `e11.9` either all its parts begin words, or itself does;
 * so the first form of each chunk is the chunk as written and the others its parts. Nothing typed is undefined.
 */
export function textQuery(typed: string): TextQuery | undefined {
  const chunks = folded(typed)
    .split(/\s+/u)
    .filter((chunk) => /[\p{L}\p{N}]/u.test(chunk))
    .slice(0, MOST_TYPED);
  if (chunks.length === 0) return undefined;
  return chunks.map((chunk) => [chunk.slice(0, LONGEST_WORD), ...(chunk.match(WORD) ?? []).slice(0, MOST_TYPED)]);
}

/** Whether words answer a query. */
export function answers(words: readonly string[], query: TextQuery): boolean {
  const begins = (prefix: string): boolean => words.some((word) => word.startsWith(prefix));
  return query.every(([whole = "", ...parts]) => begins(whole) || parts.every(begins));
}

/** The query as PostgreSQL's tsquery. */
export function tsquery(query: TextQuery): string {
  const prefix = (word: string): string => `'${word.replace(/['\\]/g, "$&$&")}':*`;
  return query
    .map(([whole = "", ...parts]) =>
      parts.length === 1 && parts[0] === whole
        ? prefix(whole)
        : `(${prefix(whole)} | (${parts.map(prefix).join(" & ")}))`,
    )
    .join(" & ");
}
