/**
 * The stem of a Swedish word: what is left when its endings are taken away, so that "infarkten" and "infarkter" are found by "infarkt".
 * Written from the algorithm's description; a test holds it against PostgreSQL's own Swedish stemmer.
 *
 * SPEC BASE-FIND-1 · https://snowballstem.org/algorithms/swedish/stemmer.html
 */
const VOWEL = /[aeiouyäåö]/;
/** Longest first within their last letter; the longest that fits is taken away. */
const ENDINGS: readonly string[] =
  "heterna hetens arens andes andet anden heten heter ernas ornas arnas erna orna arna ande arne aste aren ades erns ade are ern ens het ast ad en ar er or as es at a e"
    .split(" ")
    .toSorted((a, b) => b.length - a.length);
const BEFORE_S = /[bcdfghjklmnoprtvy]s$/;
/** intravenöst, hopplöst, sorgfullt: a letter less. */
const LAST = /[iklnprtuv]öst$/;
const DOUBLED = /(?:dd|gd|nn|dt|gt|kt|tt)$/;

/** The stem of a word in small letters. */
export function swedishStem(word: string): string {
  const from = regionOf(word);
  const first = withoutEnding(word, from);
  const second = DOUBLED.test(first.slice(from)) ? first.slice(0, -1) : first;
  return withoutLast(second, from);
}

/** Where endings may begin: after the first consonant that follows a vowel, and after three letters. */
function regionOf(word: string): number {
  const vowel = word.search(VOWEL);
  if (vowel === -1) return word.length;
  for (let at = vowel + 1; at < word.length; at += 1) if (!VOWEL.test(word[at] ?? "")) return Math.max(at + 1, 3);
  return word.length;
}

function withoutEnding(word: string, from: number): string {
  const rest = word.slice(from);
  const ending = ENDINGS.find((one) => rest.endsWith(one));
  if (ending !== undefined) return word.slice(0, -ending.length);
  return rest.endsWith("s") && BEFORE_S.test(word) ? word.slice(0, -1) : word;
}

function withoutLast(word: string, from: number): string {
  const rest = word.slice(from);
  for (const ending of ["lig", "els", "ig"]) if (rest.endsWith(ending)) return word.slice(0, -ending.length);
  const hasLast = rest.endsWith("fullt") || (rest.endsWith("öst") && LAST.test(word));
  return hasLast ? word.slice(0, -1) : word;
}
