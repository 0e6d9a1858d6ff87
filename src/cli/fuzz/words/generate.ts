/**
 * Texts as records have them and as they should never have them: denials, sides and numbers among whatever some format takes for its own
 * (delimiters, escapes, nulls, entities), letters in every coding, what has no width, and what turns the order of others.
 *
 * SPEC CLI-FUZZ-8 · failure mode F17
 */
import type { SeededRandom } from "../../../base/index.ts";

const listOf = (text: string): readonly string[] => text.split(" ");

const GRAVE = listOf(
  "ingen Inga inget ej inte icke utan aldrig varken nej saknas ua u.a. neg no not without höger vänster hö vä dx sin bilat right left 5 50 0,5 3-5 −2 +2 <5 ≤5 ≥10 120/80 C5/C6 T4 mg µg mikrogram ml/tim %",
);
const PLAIN = listOf(
  "feber blödning fraktur smärta knä hjärta åter besök värde Hb CRP nästa dag patienten söker för överkänslighet Ångermanland öga äter",
);
const NULLS = listOf("nil null NULL none None NA N/A undefined NaN \"\" '' \\0 %00 \\u0000 \\x00 &#0; 0 -0 1e400 true");
const MARKUP = listOf(
  '| ^ & ~ \\ || ^~\\& \\.br\\ \\F\\ \\S\\ \\T\\ \\R\\ \\E\\ \\X0D\\ \\H\\ &amp; &lt;b&gt; <b> </div> <!-- --> ]]> <![CDATA[ &#10; %41 %C3%A5 \\n \\" {} [] ${x} {{x}} \' " ` OBX|1|TX MSH|^~\\& -- ; /* */ =1+1 @x #',
);
const LETTERS = [
  ..."åäöÅÄÖéüñßøæœÿ¿¡µ½±×÷°€™…–—“”’«»".split(""),
  ..."≥≤≠≈−→∞αβΩКий".split(""),
  "A\u030a",
  "a\u0308",
  "o\u0308ga",
  "e\u0301",
  "\u212b",
  "\u2126",
  "q\u0323\u0307",
  "a\ufb01n",
  "😀",
  "👍🏽",
  "❤️",
];
const UNSEEN = ["\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "in\u00adgen", "e\u200bj"];
const TURNING = [
  "\u200e",
  "\u200f",
  "\u200f5 - 3",
  "\u202a",
  "\u202bej\u202c",
  "\u202e50\u202c",
  "\u2066ja\u2069",
  "\u2067nej\u2069",
  "\u061c",
];
const HEBREW = ["שלום", "אין", "5 מ״ג"];
const BLANKS = [
  " ",
  " ",
  " ",
  " ",
  " ",
  " ",
  " ",
  " ",
  "  ",
  "\n",
  "\n",
  "\t",
  "\r\n",
  "\r",
  "\n\n",
  "\u00a0",
  "\u2009",
  ", ",
  ". ",
  "/",
];
const ENDS = ["", "", "", "", "", "", "", " ", "  ", "\n", "\t", "\r\n", ".", "?"];
/** What FHIR does not let a text have; every channel must refuse it or carry it, and none may change it. */
const FORBIDDEN = ["\u0001", "\u0007", "\u000b", "\u000c", "\u001b", "\u001e", "\u0000", "\ufffe", "\uffff"];

const KINDS: readonly (readonly [share: number, words: readonly string[]])[] = [
  [30, GRAVE],
  [38, PLAIN],
  [7, NULLS],
  [10, MARKUP],
  [9, LETTERS],
  [2, UNSEEN],
  [2, TURNING],
  [2, HEBREW],
];
const TABLE = KINDS.flatMap(([share, words]) => Array.from({ length: share }, () => words));

const MOST_WORDS = 14;

/** One text; about one in a thousand has a character that must be refused, and has only that one. */
export function wordText(random: SeededRandom): string {
  let text = random.pick(ENDS);
  const count = 1 + random.int(random.int(3) === 0 ? MOST_WORDS : 7);
  for (let at = 0; at < count; at += 1) text += (at === 0 ? "" : random.pick(BLANKS)) + word(random);
  text += random.pick(ENDS);
  if (text.trim() === "") text += "ua"; // an answer of blanks is refused by a rule of its own
  return random.int(1000) === 0 ? text + random.pick(FORBIDDEN) : text;
}

function word(random: SeededRandom): string {
  if (random.int(2000) === 0) return random.pick(PLAIN).repeat(20 + random.int(80));
  const words = TABLE[random.int(TABLE.length)] ?? PLAIN;
  return random.int(40) === 0 ? random.pick(words) + random.pick(LETTERS) : random.pick(words);
}

/** Whether FHIR lets a resource have the text. */
export function isPermitted(text: string): boolean {
  return text !== "" && !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text);
}
