/**
 * The words of a FHIR narrative (XHTML) as they are sealed: its text without markup, with single blanks. It is written apart from the
 * reader that shows narratives, so that each finds the other's faults.
 *
 * SPEC BASE-WORDS-11 · https://hl7.org/fhir/R4/narrative.html
 */

/** What stands in the middle of a line; every other element ends the word before it. */
const INLINE = new Set([
  "a",
  "abbr",
  "bdi",
  "bdo",
  "del",
  "font",
  "ins",
  "mark",
  "s",
  "u",
  "acronym",
  "b",
  "big",
  "cite",
  "code",
  "dfn",
  "em",
  "i",
  "kbd",
  "q",
  "samp",
  "small",
  "span",
  "strike",
  "strong",
  "sub",
  "sup",
  "tt",
  "var",
]);
/** Elements that nobody reads; a narrative may not have most of them. */
const UNREAD =
  /<(script|style|head|template|iframe|object|embed|svg|math|noscript|title)\b[^>]*?(?:\/>|>[\s\S]*?(?:<\/\1\s*>|$))/gi;
const UNSAID = /<!--[\s\S]*?(?:-->|$)|<\?[\s\S]*?(?:\?>|$)/g;
const CDATA = /<!\[CDATA\[([\s\S]*?)(?:\]\]>|$)/g;
const TAG = /<[!/]?([a-zA-Z][\w:-]*)(?:[^>"']|"[^"]*"|'[^']*')*>/g;
/** What HTML calls white space; a hard blank (U+00A0) is none. */
const BLANKS = /[ \t\n\r\f]+/g;
const ENTITY = /&(#x[0-9a-f]+|#\d+|[a-z]\w*);/gi;

/** The words of a narrative. Never fails: what is no markup is text. */
export function narrativeWords(xhtml: string): string {
  const marked = xhtml
    .replaceAll(UNSAID, "")
    .replaceAll(UNREAD, "")
    .replaceAll(CDATA, (_, text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;"))
    .replaceAll(TAG, (_, name: string) => (INLINE.has(name.toLowerCase()) ? "" : " "));
  return singleBlanks(marked.replaceAll(ENTITY, (whole, name: string) => characterOf(name) ?? whole));
}

/** A text with single blanks for white space and none at its ends, as a screen shows a narrative. */
export function singleBlanks(text: string): string {
  return text.replaceAll(BLANKS, " ").replace(/^ | $/g, "");
}

/** Whether an element of this name ends the word before it and begins another. */
export function endsWord(name: string): boolean {
  return !INLINE.has(name.toLowerCase());
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
  aring: "å",
  auml: "ä",
  ouml: "ö",
  Aring: "Å",
  Auml: "Ä",
  Ouml: "Ö",
  eacute: "é",
  micro: "µ",
  deg: "°",
  ge: "≥",
  le: "≤",
  ndash: "–",
  mdash: "—",
  hellip: "…",
};

function characterOf(name: string): string | undefined {
  if (!name.startsWith("#")) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
  const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}
