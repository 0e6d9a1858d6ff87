/**
 * Words sought in the texts of a record, the same on the server and in the browser: Swedish stems, parts of compounds, phrases in
 * quotation marks, and whether the sentence denies what was found.
 *
 * SPEC BASE-FIND
 */
import { DENYING_ENDS } from "../words/vocabulary.ts";
import { swedishStem } from "./stem.ts";

/** A word or, of a phrase, some that follow each other. */
export type Sought = readonly SoughtWord[];
type SoughtWord = { readonly word: string; readonly stems: readonly string[] };

/** Where something sought stands in a text, in UTF-16 units, and whether its sentence denies it (ingen feber, metastaser ej påvisade). */
export type Hit = { readonly start: number; readonly end: number; readonly isDenied: boolean };

type Token = SoughtWord & { readonly start: number; readonly end: number };
type Mark = { readonly mark: string };

export const MOST_SOUGHT = 8;
const TOKEN = /(\p{N}+[.,]\p{N}+|[\p{L}\p{N}\p{M}]+)|([.!?;,\n])/gu;
const ACCENTS: Readonly<Record<string, string>> = {
  é: "e",
  è: "e",
  ê: "e",
  ë: "e",
  ü: "u",
  á: "a",
  à: "a",
  ó: "o",
  í: "i",
  ñ: "n",
  ç: "c",
};

/** What is sought with the words that somebody typed; nothing when there is no word in it. Of more than eight parts the first ones. */
export function soughtWith(typed: string): readonly Sought[] {
  const parts = [...typed.matchAll(/"([^"]*)"|[”“]([^”“]*)[”“]|(\S+)/gu)];
  return parts
    .map(([, plain, curved, single]) =>
      wordsIn(plain ?? curved ?? single ?? "").map(({ word, stems }) => ({ word, stems })),
    )
    .filter((words) => words.length > 0)
    .slice(0, MOST_SOUGHT);
}

/** Where any of what is sought stands in a text, in reading order. */
export function hitsIn(text: string, sought: readonly Sought[]): readonly Hit[] {
  const stream = [...streamOf(text)];
  const tokens = stream.flatMap((one, at) => ("mark" in one ? [] : [{ token: one, at }]));
  const hits: Hit[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const length = longestAt(tokens, at, sought);
    const [first, last] = [tokens[at], tokens[at + length - 1]];
    if (length === 0 || first === undefined || last === undefined) continue;
    const isDenied = isDeniedAt(stream, first.at, last.at);
    hits.push({ start: first.token.start, end: last.token.end, isDenied });
    at += length - 1;
  }
  return hits;
}

/** Whether all of what is sought stands somewhere in some texts. */
export function standsIn(texts: readonly string[], sought: readonly Sought[]): boolean {
  const all = texts.map((text) => wordsIn(text).map((token) => ({ token })));
  return (
    sought.length > 0 && sought.every((one) => all.some((tokens) => tokens.some((_, at) => fits(tokens, at, one))))
  );
}

type Placed = { readonly token: Token };

function longestAt(tokens: readonly Placed[], at: number, sought: readonly Sought[]): number {
  return Math.max(0, ...sought.map((one) => (fits(tokens, at, one) ? one.length : 0)));
}

function fits(tokens: readonly Placed[], at: number, sought: Sought): boolean {
  const isPhrase = sought.length > 1;
  return sought.every((one, offset) => {
    const token = tokens[at + offset]?.token;
    return token !== undefined && (isForm(token, one) || (!isPhrase && isPart(token, one)));
  });
}

function isForm({ word, stems }: Token, sought: SoughtWord): boolean {
  return word === sought.word || stems.some((stem) => sought.stems.includes(stem));
}

const SHORTEST = { atEnd: 3, atBeginning: 4, inside: 5 } as const;

/** A compound that the word is a part of: svikt in hjärtsvikten, lung in lungemboli. A number is no part of another. */
function isPart({ word, stems }: Token, sought: SoughtWord): boolean {
  if (/^\p{N}/u.test(sought.word)) return false;
  const parts = [sought.word, ...sought.stems];
  return parts.some(
    (part) =>
      (part.length >= SHORTEST.atEnd && stems.some((stem) => stem.endsWith(part))) ||
      (part.length >= SHORTEST.atBeginning && word.startsWith(part)) ||
      (part.length >= SHORTEST.inside && word.includes(part)),
  );
}

function wordsIn(text: string): readonly Token[] {
  return [...streamOf(text)].filter((one): one is Token => !("mark" in one));
}

function* streamOf(text: string): Generator<Token | Mark> {
  for (const { 0: found, 2: mark, index } of text.matchAll(TOKEN)) {
    if (mark !== undefined) {
      yield { mark };
      continue;
    }
    const word = folded(found);
    yield { word, stems: stemsOf(word), start: index, end: index + found.length };
  }
}

/** The stem, and without the definite ending that the stemmer leaves on: såret, provets. */
function stemsOf(word: string): readonly string[] {
  const stem = swedishStem(word);
  const bare = stem.replace(/et$/, "");
  return bare === stem || bare.length < SHORTEST.atEnd ? [stem] : [stem, bare];
}

function folded(word: string): string {
  return word
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/[éèêëüáàóíñç]/g, (letter) => ACCENTS[letter] ?? letter);
}

const setOf = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean));
/** What denies the words after it, and the words before it. */
const DENIES_AFTER =
  setOf(`ingen inga inget ingenting ej inte icke aldrig utan varken nekar nekat nekas nekad förnekar förnekat
  förnekas saknar saknade avsaknad frånvaro uteslut utesluter no not never without denies denied lacks neither nor`);
const DENIES_BEFORE =
  setOf(`saknas saknades nekas nekades förnekas förnekades utesluts uteslutet utesluten uteslutna uteslutits negativ
  negativt negativa neg ej inte icke nej absent excluded denied negative`);
/** What a new thought begins with. */
const BREAKS = setOf(`men dock däremot förutom however but except`);
/** How many words, or words and commas, away. */
const REACH = { after: 6, before: 3, but: 20 } as const;

function isDeniedAt(stream: readonly (Token | Mark)[], from: number, to: number): boolean {
  const found = stream[from];
  if (found !== undefined && !("mark" in found) && DENYING_ENDS.test(found.word)) return true;
  return isDeniedFromBefore(stream, from) || isDeniedFromBehind(stream, to);
}

function isDeniedFromBefore(stream: readonly (Token | Mark)[], from: number): boolean {
  let words = 0;
  for (let at = from - 1; at >= 0 && words < REACH.after; at -= 1) {
    const one = stream[at];
    if (one === undefined || ("mark" in one && one.mark !== ",")) return false;
    if ("mark" in one) continue;
    words += 1;
    if (BREAKS.has(one.word)) return false;
    if (one.word === "utan") return !isButOf(stream, at);
    if (DENIES_AFTER.has(one.word)) return true;
  }
  return false;
}

/** "Inte pneumoni utan hjärtsvikt": there utan means but. */
function isButOf(stream: readonly (Token | Mark)[], at: number): boolean {
  for (let before = at - 1; before >= Math.max(0, at - REACH.but); before -= 1) {
    const one = stream[before];
    if (one === undefined || ("mark" in one && one.mark !== ",")) return false;
    if (!("mark" in one) && (one.word === "inte" || one.word === "ej" || one.word === "icke")) return true;
  }
  return false;
}

function isDeniedFromBehind(stream: readonly (Token | Mark)[], to: number): boolean {
  for (const one of stream.slice(to + 1, to + 1 + REACH.before)) {
    if ("mark" in one || BREAKS.has(one.word)) return false;
    if (DENIES_BEFORE.has(one.word)) return true;
  }
  return false;
}
