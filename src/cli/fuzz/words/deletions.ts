/** Whether every word of a text is missed: by the seal, and by the comparison that shows what changed. SPEC CLI-FUZZ-9 */
import { canonicalWords, compareWords, sealOfWords } from "../../../base/index.ts";

const WORD = /\S+/g;

export type Missed = { readonly words: number; readonly unnoticed: readonly string[] };

/** Takes each word out by itself. `unnoticed` are those that somebody could lose without being told. */
export function deletionsOf(text: string): Missed {
  const seal = sealOfWords([text]);
  const unnoticed: string[] = [];
  let words = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const without = text.slice(0, index) + text.slice(index + word.length);
    if (canonicalWords(without) === canonicalWords(text)) continue;
    words += 1;
    const isTold = compareWords(text, without).pieces.some(
      ({ kind, touches }) => kind === "out" && touches !== "blank",
    );
    if (!isTold || sealOfWords([without]) === seal) unnoticed.push(word);
  }
  return { words, unnoticed };
}
